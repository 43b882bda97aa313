"""The rules of an instrument as other programs want them; each is checked to give the same placements first."""

from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not


def gated(instrument, condition: Condition) -> Condition:
    """The condition with each item's own `when` written out: a response off the route counts for nothing."""
    match condition:
        case ItemIs():
            asked = instrument.by_id[condition.item].when
            return AllOf((gated(instrument, asked), condition)) if asked else condition
        case Not():
            return Not(gated(instrument, condition.part))
        case AtLeast():
            return AtLeast(condition.count, tuple(gated(instrument, part) for part in condition.parts))
        case AllOf() | AnyOf():
            return type(condition)(tuple(gated(instrument, part) for part in condition.parts))


def rules(instrument):
    """Placements with their conditions, in the order in which they are tried."""
    return [(each.id, gated(instrument, each.when) if each.when else None) for each in instrument.outcomes]


def codes_of(instrument, condition):
    options = instrument.by_id[condition.item].options
    return [options.index(option) + 1 for option in condition.options]


# --- polars ---------------------------------------------------------------------------------------------


def in_polars(instrument):
    """One expression over columns of codes."""
    import polars as pl

    def told(condition):
        match condition:
            case ItemIs():
                first, *more = [pl.col(condition.item) == code for code in codes_of(instrument, condition)]
                return first if not more else pl.any_horizontal(first, *more)
            case Not():
                return ~told(condition.part)
            case AllOf():
                return pl.all_horizontal(*map(told, condition.parts))
            case AnyOf():
                return pl.any_horizontal(*map(told, condition.parts))
            case AtLeast():
                return pl.sum_horizontal(*(told(part).cast(pl.UInt8) for part in condition.parts)) >= condition.count

    chain = pl
    for placement, condition in rules(instrument):
        number = pl.lit(instrument.placements.index(placement), pl.UInt8)
        if condition is None:
            return chain.otherwise(number)
        chain = chain.when(told(condition)).then(number)
    return chain.otherwise(None)


# --- numpy, as OpenFisca's formulas are written -----------------------------------------------------------


def in_openfisca(instrument, columns):
    """A function that computes the placements of all rows in one OpenFisca simulation."""
    import numpy as np
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    person = entities.build_entity(key="row", plural="rows", label="", is_person=True)
    system = taxbenefitsystems.TaxBenefitSystem([person])

    def variable(name, formula=None):
        members = {"value_type": int, "entity": person, "definition_period": periods.YEAR, "label": name}
        if formula:
            members["formula"] = formula
        system.add_variable(type(name, (variables.Variable,), members))

    for item in instrument.items:
        variable(item.id)

    def holds(row, period, condition):
        match condition:
            case ItemIs():
                given = row(condition.item, period)
                return np.logical_or.reduce([given == code for code in codes_of(instrument, condition)])
            case Not():
                return np.logical_not(holds(row, period, condition.part))
            case AllOf():
                return np.logical_and.reduce([holds(row, period, part) for part in condition.parts])
            case AnyOf():
                return np.logical_or.reduce([holds(row, period, part) for part in condition.parts])
            case AtLeast():
                return sum(holds(row, period, part).astype(int) for part in condition.parts) >= condition.count

    *ruled, (last, _) = rules(instrument)

    def formula(row, period):
        conditions = [holds(row, period, condition) for _, condition in ruled]
        values = [instrument.placements.index(placement) for placement, _ in ruled]
        return np.select(conditions, values, instrument.placements.index(last))

    variable("placement", formula)
    rows = len(next(iter(columns.values())))
    inputs = {item: column.astype(np.int32) for item, column in columns.items()}

    def run():
        simulation = simulations.SimulationBuilder().build_default_simulation(system, count=rows)
        for item, column in inputs.items():
            simulation.set_input(item, "2026", column)
        return simulation.calculate("placement", "2026")

    return run


# --- row by row -------------------------------------------------------------------------------------------


def in_words(instrument, word, equals, joined):
    """The rules as one expression of nested choices: `joined(kind, parts)`, `equals(item, option)`."""

    def told(condition):
        match condition:
            case ItemIs():
                return joined("or", [equals(condition.item, option) for option in condition.options])
            case Not():
                return joined("not", [told(condition.part)])
            case AllOf():
                return joined("and", [told(part) for part in condition.parts])
            case AnyOf():
                return joined("or", [told(part) for part in condition.parts])
            case AtLeast():
                return joined(condition.count, [told(part) for part in condition.parts])

    *ruled, (last, _) = rules(instrument)
    found = word(last)
    for placement, condition in reversed(ruled):
        found = joined("if", [told(condition), word(placement), found])
    return found


def in_json_logic(instrument):
    def joined(kind, parts):
        if isinstance(kind, int):
            return {">=": [{"+": [{"if": [part, 1, 0]} for part in parts]}, kind]}
        return {"!" if kind == "not" else kind: parts}

    return in_words(instrument, str, lambda item, option: {"==": [{"var": item}, option]}, joined)


def in_zen(instrument):
    """A decision of one expression."""

    def joined(kind, parts):
        match kind:
            case int():
                return "(" + " + ".join(f"({part} ? 1 : 0)" for part in parts) + f") >= {kind}"
            case "not":
                return f"(not ({parts[0]}))"
            case "if":
                return f"(({parts[0]}) ? {parts[1]} : {parts[2]})"
        return "(" + f" {kind} ".join(parts) + ")"

    text = in_words(instrument, lambda id_: f"'{id_}'", lambda item, option: f"({item} == '{option}')", joined)
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "content": {"expressions": [{"id": "p", "key": "placement", "value": text}]},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "rules", "type": "edge"},
        {"id": "b", "sourceId": "rules", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def in_survey_js(instrument):
    def joined(kind, parts):
        match kind:
            case int():
                return "((" + " + ".join(f"iif({part}, 1, 0)" for part in parts) + f") >= {kind})"
            case "not":
                return f"(!({parts[0]}))"
            case "if":
                return f"iif({parts[0]}, {parts[1]}, {parts[2]})"
        return "(" + f" {kind} ".join(parts) + ")"

    return in_words(instrument, lambda id_: f"'{id_}'", lambda item, option: f"({{{item}}} = '{option}')", joined)


SURVEY_JS = """
const { ExpressionRunner } = require("survey-core");
const { expression, rows } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const runner = new ExpressionRunner(expression);
const before = process.cpuUsage();
const found = rows.map((row) => runner.runValues ? runner.runValues(row) : runner.run(row));
const taken = process.cpuUsage(before);
console.log(JSON.stringify({ found, seconds: (taken.user + taken.system) / 1e6 }));
"""


# --- a loop in C over the same tables ---------------------------------------------------------------------


def in_c(found, folder):
    """The walk as a loop, compiled; a function of columns (in the order of the steps) that gives the ends."""
    import ctypes
    import subprocess

    import numpy as np

    tables = [
        f"static const unsigned char t{at}[] = {{{','.join(str(n) for row in step.after for n in row)}}};"
        for at, step in enumerate(found.steps)
    ]
    walk = [f"s = t{at}[s * {len(step.options) + 1} + c[{at}][i]];" for at, step in enumerate(found.steps)]
    code = "\n".join(tables) + (
        "\nvoid place(const unsigned char **c, unsigned char *out, long n) {\n"
        "for (long i = 0; i < n; i++) { unsigned s = 0; " + " ".join(walk) + " out[i] = s; } }\n"
    )
    (folder / "walk.c").write_text(code)
    subprocess.run(
        ("gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", folder / "walk.so", folder / "walk.c"), check=True
    )
    place = ctypes.CDLL(str(folder / "walk.so")).place

    def run(columns):
        out = np.empty(len(columns[0]), np.uint8)
        pointers = (ctypes.c_void_p * len(columns))(*(column.ctypes.data for column in columns))
        place(pointers, ctypes.c_void_p(out.ctypes.data), ctypes.c_long(len(out)))
        return out

    return run
