"""Who may enter a library's pages: members, their browsers, and new addresses for them."""

from dataclasses import dataclass

from assessor import qr_codes
from assessor.core.membership import MEMBER_ROLES, Credential, Member, MemberRole
from assessor.errors import AssessorError
from assessor.local_time import local_day
from assessor.usecases.library_access import SHOWN_DIGEST, LastSteward
from assessor.web.errors import WithdrawalNotConfirmed
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.http.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceRow:
    """A browser that is let in, or an address that waits to be opened."""

    #: The start of its digest, by which a form names it.
    id: str
    label: str
    waits: bool
    #: Until when an address waits; when a browser was last here.
    day: str
    here: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRow:
    """A member with what admits them."""

    member: Member
    devices: tuple[DeviceRow, ...]
    #: Whether it is who asks.
    here: bool


def show_people(context: RequestContext) -> HandlerResult:
    """All members for a steward; for a colleague or a reader themselves alone."""
    return _people_page(context)


def _people_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    own, steward = context.member, context.session.role is Role.STEWARD
    held = [each for each in context.keys.members(own.library) if steward or each[0].id == own.id]
    facts = {
        **context.hidden_fields(),
        "members": [_member_row(context, member, credentials) for member, credentials in held],
        "steward": steward,
        "given": [
            context.say("The host gave this library a key on {day}.", day=local_day(moment))
            for moment in context.keys.keys_given(own.library)
        ],
        "typed": context.form.value("name"),
        "refused": context.refusal(error),
    }
    title = context.say("Who may enter")
    return HtmlPage(template="people_library", title=title, facts=facts, status=422 if error else 200)


def _member_row(context: RequestContext, member: Member, held: tuple[Credential, ...]) -> MemberRow:
    devices = tuple(_device_row(context, each) for each in held)
    return MemberRow(member=member, devices=devices, here=member.id == context.member.id)


def _device_row(context: RequestContext, credential: Credential) -> DeviceRow:
    waits = credential.kind == "link"
    return DeviceRow(
        id=credential.digest[:SHOWN_DIGEST],
        label=credential.label,
        waits=waits,
        day=str(local_day(credential.expires if waits else credential.seen or credential.made)),
        here=credential.digest == context.credential_digest,
    )


def invite(context: RequestContext) -> HandlerResult:
    """A new member, and the one-time address to hand to them."""
    role = _chosen_role(context)
    try:
        member, secret = context.keys.invite(context.member, context.form.value("name"), role)
    except AssessorError as error:
        return _people_page(context, error)
    return _address_page(context, member, secret)


def _chosen_role(context: RequestContext) -> MemberRole:
    """The role in the form; the one that may least where it is none."""
    return next((role for role in MEMBER_ROLES if role == context.form.value("role")), "reader")


def take_in_device(context: RequestContext) -> HandlerResult:
    """An address for another of one's own devices."""
    return _address_page(context, context.member, context.keys.take_in_device(context.member))


def _address_page(context: RequestContext, member: Member, secret: str) -> HtmlPage:
    """The one-time address, once."""
    address = f"{context.config.deployment.base_url}/key/{secret}"
    wide, path = qr_codes.svg_path(address)
    facts = {
        "address": address,
        "code_wide": wide,
        "code_path": path,
        "of": member,
        "own": member.id == context.member.id,
    }
    title = context.say("An address that opens once")
    return HtmlPage(template="member_address", title=title, facts=facts)


def withdraw_device(context: RequestContext) -> HandlerResult:
    """Let a browser in no more, or cancel an address; stewards anybody's, others their own."""
    digest = context.form.value("credential")
    if context.session.role is not Role.STEWARD:
        own = next(held for member, held in context.keys.members(context.member.library) if member == context.member)
        digest = digest if any(each.digest.startswith(digest) for each in own) else ""
    context.keys.withdraw_credential(context.member.library, digest)
    return Redirect(f"{context.base_path}/people", (Notice.DEVICE_WITHDRAWN,))


def show_withdraw_member(context: RequestContext) -> HandlerResult:
    """Ask whether a member is to enter no more."""
    return _withdraw_page(context)


def _withdraw_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    member = context.find_member(context.path_params["member"])
    facts = {**context.hidden_fields(), "whom": member, "refused": context.refusal(error)}
    title = context.say("Withdraw {name}?", name=member.name or context.say("the library's first steward"))
    return HtmlPage(template="member_withdraw", title=title, facts=facts, status=422 if error else 200)


def withdraw_member(context: RequestContext) -> HandlerResult:
    """Let a member in no more; their answers stay. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _withdraw_page(context, WithdrawalNotConfirmed())
    try:
        context.keys.withdraw_member(context.member.library, context.path_params["member"])
    except LastSteward as error:
        return _withdraw_page(context, error)
    return Redirect(f"{context.base_path}/people", (Notice.MEMBER_WITHDRAWN,))
