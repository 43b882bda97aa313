"""The pages that let people in lead where they say, and the checks they name are the ones there are."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
PAGES = (
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "assessor/README.md",
    "assessor/web/README.md",
    ".github/CONTRIBUTING.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_to_one(page):
    path = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)[^)]*\)", path.read_text("utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_workflow_runs_what_every_change_must_pass():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    commands = [step.get("run") for step in workflow["jobs"]["ci"]["steps"]]

    assert "bash .ci/run" in commands


def test_a_commit_is_checked_by_what_this_checkout_has_and_nothing_is_fetched():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]

    assert [each["repo"] for each in hooks] == ["local"]
    assert {hook["language"] for each in hooks for hook in each["hooks"]} == {"system"}
    assert {hook["id"] for each in hooks for hook in each["hooks"]} >= {"ruff", "mypy", "catalogues"}
