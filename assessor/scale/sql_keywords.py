"""Words that some SQL reserves: SQL:2016, DuckDB, PostgreSQL, SQLite and Spark.

`rules_sql` quotes a column only if its name is one of these, because quotes mean different things in different
databases. A word too many costs a pair of quotes, a word too few a statement that does not parse.
"""

RESERVED = frozenset(
    """
    abort abs absent acos action add after all allocate alter analyse analyze and anti any are array as asc
    asensitive asin asof asymmetric at atan atomic attach authorization autoincrement avg before begin between bigint
    binary bit blob boolean both by call called cardinality cascade cascaded case cast ceil ceiling char character
    check classifier clob close cluster coalesce collate collation collect column columns commit concurrently
    condition conflict connect constraint contains convert copy corr corresponding cos cosh count create cross cube
    current cursor cycle database date day deallocate dec decimal declare default deferrable deferred define delete
    deref desc describe detach deterministic disconnect distinct distribute div do double drop dynamic each element
    else empty end equals escape every except exclude exclusive exec execute exists exp explain external extract fail
    false fetch filter float floor following for foreign frame free freeze from full function fusion generated get
    glob global grant group grouping grouping_id groups having hold hour identity if ignore ilike immediate in index
    indexed indicator initial initially inner inout insensitive insert instead int integer intersect intersection
    interval into is isnull join json key lag lambda language large last_value lateral lead leading left like limit
    ln local localtime localtimestamp log lower map match materialized max member merge method min minus minute mod
    modifies module month multiset national natural nchar nclob new no none normalize not nothing notnull null nullif
    nulls numeric of offset old omit on one only open or order others out outer over overlaps overlay parameter
    partition pattern per percent percentile period pivot pivot_longer pivot_wider placing plan portion position
    positional power pragma precedes preceding precision prepare primary procedure ptf qualify query quote raise
    range rank reads real recursive ref references referencing regexp reindex release rename replace restrict result
    return returning returns revoke right rlike rollback rollup row rows running savepoint scroll search second seek
    select semi sensitive session_user set setof show similar sin skip smallint some sort specific sql sqlexception
    sqlstate sqlwarning sqrt start static struct subset substring sum summarize symmetric system table tablesample
    tan temp temporary then ties time timestamp to trailing transaction translate treat trigger trim true truncate
    try_cast tuple uescape unbounded union unique unknown unnest unpack unpivot update upper user using vacuum value
    values varbinary varchar variadic varying verbose view virtual when whenever where width window with within
    without xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
    xmltable year
    """.split()  # noqa: SIM905  (a list of them would be a page long)
)
