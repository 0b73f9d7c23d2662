package sluice_test

import data.sluice

# --- a call and a policy of one rule ---

call := {
	"keys": ["*"],
	"match": {
		"agent": "finance-1",
		"host": "api.example.com",
		"method": "POST",
		"segments": ["v1", "payments"],
		"tool": "pay.create",
		"tools": ["pay.create"],
		"protocol": "http",
		"operation": "charge",
		"model": "gpt-5-mini",
		"roles": ["payments", "reader"],
		"groups": ["treasury"],
	},
}

rule := {
	"id": "p/r",
	"effect": "deny",
	"shadow": false,
	"guard": false,
	"match": {},
	"sure": null,
	"maybe": null,
	"code": null,
	"reason": null,
	"hint": null,
	"obligations": [],
	"sets": [],
	"approval": null,
	"limit": null,
	"facts": [],
}

always := [[]]

never := []

mask := {"kind": "redact_header", "name": "x-a", "with": "mask"}

header := {"name": "x-b", "value": "1"}

policies(rules) := {"format": 1, "rules": rules, "index": {"*": numbers.range(0, count(rules) - 1)}}

verdict_of(rules, asked) := v if {
	v := sluice.verdict with data.policies as policies(rules) with input as asked
}

only(part) := object.union(rule, part)

names(is) := {"is": {n: true | some n in is}, "starts": [], "ends": []}

# --- operators: each on values that make it true, false and unknown ---

# [operator, operand, values that make it true, false, unknown]; `absent` is no value at all.
operators := [
	["eq", "a", ["a"], ["b", ""], [null, 1, true, ["a"], {"a": "a"}, "absent"]],
	["ne", "a", ["b", ""], ["a"], [null, 1, true, ["a"], {"a": "a"}, "absent"]],
	["eq", 1, [1, 1.0], [2, 0], [null, "1", true, "absent"]],
	["ne", 1, [2, 0], [1], [null, "1", true, "absent"]],
	["eq", true, [true], [false], [null, 1, "true", "absent"]],
	["ne", true, [false], [true], [null, 1, "true", "absent"]],
	["lt", 5, [4, -1, 4.9], [5, 6], [null, "4", true, [], "absent"]],
	["le", 5, [4, 5], [6, 5.1], [null, "4", true, [], "absent"]],
	["gt", 5, [6, 5.1], [5, 4], [null, "9", true, [], "absent"]],
	["ge", 5, [5, 6], [4, 4.9], [null, "9", true, [], "absent"]],
	["in", {"a": true, "b": true}, ["a", "b"], ["c", ""], [null, 1, true, ["a"], {"a": true}, "absent"]],
	["nin", {"a": true, "b": true}, ["c", ""], ["a", "b"], [null, 1, true, ["a"], {"a": true}, "absent"]],
	["in", {}, [], ["a"], [null, "absent"]],
	["nin", {}, ["a"], [], [null, "absent"]],
	["in_list", [1, 2], [1, 2], [3, 0], [null, "1", true, [1], "absent"]],
	["nin_list", [1, 2], [3, 0], [1, 2], [null, "1", true, [1], "absent"]],
	["in_list", [true], [true], [false], [null, "true", 1, "absent"]],
	["nin_list", [true], [false], [true], [null, "true", 1, "absent"]],
	["prefix", "ab", ["ab", "abc"], ["a", "b", ""], [null, 1, ["ab"], "absent"]],
	["nprefix", "ab", ["a", "b", ""], ["ab", "abc"], [null, 1, ["ab"], "absent"]],
	["suffix", "ab", ["ab", "cab"], ["a", "abc", ""], [null, 1, ["ab"], "absent"]],
	["nsuffix", "ab", ["a", "abc", ""], ["ab", "cab"], [null, 1, ["ab"], "absent"]],
	["substring", "ab", ["ab", "cabc"], ["a", "ba", ""], [null, 1, ["ab"], {"ab": 1}, "absent"]],
	["nsubstring", "ab", ["a", "ba", ""], ["ab", "cabc"], [null, 1, ["ab"], {"ab": 1}, "absent"]],
	["matches", "^a+b?$", ["a", "aaab"], ["b", "", "ba", "a\nb"], [null, 1, ["a"], "absent"]],
	["nmatches", "^a+b?$", ["b", "", "ba", "a\nb"], ["a", "aaab"], [null, 1, ["a"], "absent"]],
	["matches", "é|\\pN", ["caf\u00e9", "x٣"], ["cafe"], [null, "absent"]],
	["matches", "(", [], [], ["", "("]],
	["nmatches", "(", [], [], ["", "("]],
	["cidr", "10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "::1", "::a00:1"], addressless],
	["ncidr", "10.0.0.0/8", ["11.0.0.0", "::1", "::a00:1"], ["10.0.0.0", "10.255.255.255"], addressless],
	["cidr", "2001:db8::/32", ["2001:db8::", "2001:DB8:0:0::1"], ["2001:db9::", "10.0.0.1"], addressless],
	["ncidr", "2001:db8::/32", ["2001:db9::", "10.0.0.1"], ["2001:db8::", "2001:DB8:0:0::1"], addressless],
	["truthy", null, [true], [false], [null, "true", 1, "absent"]],
	["falsy", null, [false], [true], [null, "false", 0, "absent"]],
	["text_lt", "2026-06-01", ["2026-05-31", ""], ["2026-06-01", "2026-06-02", "é"], [null, 20260531, ["2026"], "absent"]],
	["text_le", "2026-06-01", ["2026-05-31", "2026-06-01"], ["2026-06-02"], [null, 20260531, ["2026"], "absent"]],
	["text_gt", "2026-06-01", ["2026-06-02", "é"], ["2026-06-01", "2026-05-31"], [null, 20270101, ["2027"], "absent"]],
	["text_ge", "2026-06-01", ["2026-06-01", "2026-06-02"], ["2026-05-31"], [null, 20270101, ["2027"], "absent"]],
	["time_eq", noon, noons, [1782043200.001, 0, "2026-06-21T12:00:00.001Z"], timeless],
	["time_ne", noon, [1782043200.001, 0, "2026-06-21T12:00:00.000000001Z"], noons, timeless],
	["time_lt", noon, [1782043199.999, "2026-06-21T11:59:59.999999999Z"], noons, timeless],
	["time_le", noon, array.concat(noons, [-1]), [1782043200.001, "2026-06-21T12:00:00.000000001Z"], timeless],
	["time_gt", noon, [1782043200.001, "2026-06-21T12:00:00.000000001Z"], noons, timeless],
	["time_ge", noon, noons, [1782043199.999, "2026-06-21T11:59:59.999999999Z"], timeless],
	["money_eq", usd(5), [usd(5)], [usd(4)], moneyless],
	["money_ne", usd(5), [usd(4)], [usd(5)], moneyless],
	["money_lt", usd(5), [usd(4), usd(0)], [usd(5), usd(6)], moneyless],
	["money_le", usd(5), [usd(4), usd(5)], [usd(6)], moneyless],
	["money_gt", usd(5), [usd(6)], [usd(5), usd(4)], moneyless],
	["money_ge", usd(5), [usd(6), usd(5)], [usd(4)], moneyless],
	["size_eq", 2, sized(2), array.concat(sized(1), sized(3)), sizeless],
	["size_ne", 2, array.concat(sized(1), sized(3)), sized(2), sizeless],
	["size_lt", 2, sized(1), array.concat(sized(2), sized(3)), sizeless],
	["size_le", 2, array.concat(sized(1), sized(2)), sized(3), sizeless],
	["size_gt", 2, sized(3), array.concat(sized(1), sized(2)), sizeless],
	["size_ge", 2, array.concat(sized(2), sized(3)), sized(1), sizeless],
	["contains_elem", "a", [["a"], ["b", "a"], [1, "a"]], [[], ["b"]], [null, "a", {"x": "a"}, [1], ["b", null], "absent"]],
	["lacks_elem", "a", [[], ["b"]], [["a"], ["b", "a"], [1, "a"]], [null, "a", {"x": "a"}, [1], ["b", null], "absent"]],
	["has", null, ["x", null, false, 0, [], {}], ["absent"], []],
	["hasnt", null, ["absent"], ["x", null, false, 0, [], {}], []],
]

addressless := [
	null, 167772161, "", "a", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1/32", "10.0.0.1\u0000", "10.0.0.1 ", "10.0.0.1:80",
	"::ffff:10.0.0.1", "0:0:0:0:0:FFFF:a00:1", "fe80::1%eth0", "1::2::3", ["10.0.0.1"], "absent",
]

# Noon of the solstice of 2026 in milliseconds, and what is the same moment.
noon := 1782043200000

noons := [1782043200, 1782043200.0, "2026-06-21T12:00:00Z", "2026-06-21T14:00:00.000+02:00", "2026-06-21T12:00:00.000000000-00:00"]

timeless := [null, true, "", "1782043200", "2026-06-21", "2026-06-21 12:00:00Z", "2026-06-21T12:00:00", "2026-02-30T12:00:00Z", "9999-01-01T00:00:00Z", [1782043200], {}, "absent"]

moneyless := [null, "5", 5, {"currency": "eur", "micros": 5}, {"currency": "usd", "micros": "5"}, {"currency": "usd"}, {}, "absent"]

usd(n) := {"currency": "usd", "micros": n}

# A text, a list and a map of this size; characters are counted, not bytes.
sized(n) := [
	concat("", ["😀" | some _ in numbers.range(1, n)]),
	[null | some _ in numbers.range(1, n)],
	{format_int(i, 10): null | some i in numbers.range(1, n)},
]

sizeless := [null, 2, true, "absent"]

# The same for operators that compare with the value at another path: [value, other value].
pairs := [
	["eq_f", [["a", "a"], [1, 1.0], [true, true]], [["a", "b"], [1, 2], [true, false]], incomparable],
	["ne_f", [["a", "b"], [1, 2], [true, false]], [["a", "a"], [1, 1.0], [true, true]], incomparable],
	["lt_f", [[1, 2], ["a", "b"], [false, true]], [[2, 2], [3, 2], ["b", "a"]], incomparable],
	["le_f", [[1, 2], [2, 2], ["a", "b"]], [[3, 2], ["é", "z"]], incomparable],
	["gt_f", [[3, 2], ["é", "z"]], [[1, 2], [2, 2], ["a", "b"]], incomparable],
	["ge_f", [[2, 2], [3, 2], ["b", "a"]], [[1, 2], ["a", "b"], [false, true]], incomparable],
	["money_eq_f", [[usd(5), usd(5)]], [[usd(4), usd(5)]], moneyless_pairs],
	["money_ne_f", [[usd(4), usd(5)]], [[usd(5), usd(5)]], moneyless_pairs],
	["money_lt_f", [[usd(4), usd(5)]], [[usd(5), usd(5)], [usd(6), usd(5)]], moneyless_pairs],
	["money_le_f", [[usd(4), usd(5)], [usd(5), usd(5)]], [[usd(6), usd(5)]], moneyless_pairs],
	["money_gt_f", [[usd(6), usd(5)]], [[usd(4), usd(5)], [usd(5), usd(5)]], moneyless_pairs],
	["money_ge_f", [[usd(5), usd(5)], [usd(6), usd(5)]], [[usd(4), usd(5)]], moneyless_pairs],
	["in_f", [["a", ["b", "a"]], [1, [null, 1]], [true, [true]]], [["a", []], ["a", ["b"]], [1, [2]]], listless],
	["nin_f", [["a", []], ["a", ["b"]], [1, [2]]], [["a", ["b", "a"]], [1, [null, 1]], [true, [true]]], listless],
]

incomparable := [
	[null, null], ["absent", "absent"], ["a", "absent"], ["absent", "a"], [1, "1"], ["1", 1], [true, "true"], [1, true], [["a"], ["a"]],
	[{}, {}], [null, "a"], ["a", null], [usd(5), usd(5)],
]

moneyless_pairs := array.concat(
	[[usd(5), v] | some v in moneyless],
	[[v, usd(5)] | some v in moneyless],
)

listless := [
	["a", "a"], ["a", null], ["a", {"a": "a"}], ["a", "absent"], [null, [null]], ["absent", ["a"]], [["a"], [["a"]]], ["a", [1]],
	["a", ["b", null]], [1, ["1"]],
]

# [quantifier, lists that make it true, false, unknown], each over the clause "the element is a".
quantifiers := [
	["some", [["a"], ["b", "a"], [null, "a"]], [[], ["b"]], [null, "a", {}, [null], ["b", 1], "absent"]],
	["every", [[], ["a"], ["a", "a"]], [["b"], ["a", "b"], [null, "b"]], [null, "a", {}, [null], ["a", 1], "absent"]],
]

# Every operator and value with what is expected of it: [atom, twin atom, call, state].
expectations contains [[op[0], path, op[1]], [twin_of(op[0]), path, op[1]], with_args({"v": v}), state] if {
	path := ["args", "v"]
	some op in operators
	some state, place in {"true": 2, "false": 3, "unknown": 4}
	some v in op[place]
}

expectations contains [[op[0], path, other], [twin_of(op[0]), path, other], with_args({"v": pair[0], "o": pair[1]}), state] if {
	path := ["args", "v"]
	other := ["args", "o"]
	some op in pairs
	some state, place in {"true": 1, "false": 2, "unknown": 3}
	some pair in op[place]
}

# The same inside `some`: the only element is the value, or holds it.
expectations contains [["some", ["args", "v"], [[[op[0], path, op[1]]]]], ["?some", ["args", "v"], [[[twin_of(op[0]), path, op[1]]]]], asked, state] if {
	some op in operators
	some state, place in {"true": 2, "false": 3, "unknown": 4}
	some v in op[place]
	some path in [[], ["k"]]
	elements_can_lack_it(op[0], path)
	asked := with_args({"v": [element(path, v)]})
}

expectations contains [[q[0], ["args", "v"], [[["eq", [], "a"]]]], [twin_of(q[0]), ["args", "v"], [[["?eq", [], "a"]]]], with_args({"v": v}), state] if {
	some q in quantifiers
	some state, place in {"true": 1, "false": 2, "unknown": 3}
	some v in q[place]
}

# An element is always there; what it holds need not be.
elements_can_lack_it(op, path) if {
	not op in {"has", "hasnt"}
} else if {
	path != []
}

twin_of(op) := op if {
	op in {"has", "hasnt"}
} else := concat("", ["?", op])

with_args(values) := object.union(call, {"args": {name: v | some name, v in values; v != "absent"}})

with_value(v) := with_args({"v": v})

element([], v) := v if v != "absent"

element([], "absent") := null

element(["k"], v) := {"k": v} if v != "absent"

element(["k"], "absent") := {"other": "a"}

# For the host's tests: each operator with the states that it is tried in.
tried[op] contains state if some [[op, _, _], _, _, state] in expectations

# The verdict of one rule that restricts, that permits, or that adds: obligations by the twin, headers by the plain atom.
restricts(twin, asked) := verdict_of([only({"maybe": [[twin]]})], asked)

permits(atom, asked) := verdict_of([only({"effect": "allow", "sure": [[atom]]})], asked)

adds(atom, twin, asked) := verdict_of([only({"effect": "add", "sure": [[atom]], "maybe": [[twin]], "obligations": [mask], "sets": [header]})], asked)

expected_of_twin := {
	"true": [3, [0], [], [], [], [], []],
	"unknown": [3, [0], [], [], [], [0], []],
	"false": [3, [], [], [], [], [], []],
}

expected_of_plain := {
	"true": [0, [0], [], [], [], [], []],
	"unknown": [3, [], [], [], [], [], []],
	"false": [3, [], [], [], [], [], []],
}

expected_of_both := {
	"true": [3, [], [0], [], [], [], [0]],
	"unknown": [3, [], [0], [], [], [0], []],
	"false": [3, [], [], [], [], [], []],
}

test_operators_are_all_tried if count(expectations) > 1200

test_a_plain_atom_permits_only_where_it_is_definitely_true if {
	wrong := [e | some e in expectations; permits(e[0], e[2]) != expected_of_plain[e[3]]]
	wrong == []
}

test_a_twin_restricts_where_it_is_true_or_unknown_and_says_which if {
	wrong := [e | some e in expectations; restricts(e[1], e[2]) != expected_of_twin[e[3]]]
	wrong == []
}

test_what_is_unknown_adds_obligations_and_sets_no_header if {
	wrong := [e | some e in expectations; adds(e[0], e[1], e[2]) != expected_of_both[e[3]]]
	wrong == []
}

test_has_is_never_unknown if {
	seen := {v: [restricts(["has", ["args", "v"], null], with_value(v))[1], permits(["hasnt", ["args", "v"], null], with_value(v))[1]] |
		some v in ["x", null, false, 0, [], {}, "absent"]
	}
	every v, pair in seen { pair == {true: [[], [0]], false: [[0], []]}[v == "absent"] }
}

test_a_path_through_what_is_no_map_is_absent if {
	asked := object.union(call, {"args": {"v": ["x"], "w": "x"}})
	every path in [["args", "v", "0"], ["args", "w", "x"], ["nowhere"], ["match", "agent", "x"]] {
		permits(["hasnt", path, null], asked)[0] == 0
		restricts(["?eq", path, "x"], asked) == [3, [0], [], [], [], [0], []]
	}
}

# --- shortened lists ---

test_a_shortened_list_is_unknown_in_what_it_lacks if {
	asked := object.union(with_value(["a", "a"]), {"cut": [["args", "v"]]})
	path := ["args", "v"]
	permits(["some", path, [[["eq", [], "a"]]]], asked)[0] == 0
	permits(["contains_elem", path, "a"], asked)[0] == 0
	permits(["every", path, [[["eq", [], "a"]]]], asked)[0] == 3
	permits(["lacks_elem", path, "b"], asked)[0] == 3
	restricts(["?some", path, [[["?eq", [], "b"]]]], asked) == [3, [0], [], [], [], [0], []]
	restricts(["?contains_elem", path, "b"], asked) == [3, [0], [], [], [], [0], []]
	restricts(["?every", path, [[["?eq", [], "a"]]]], asked) == [3, [0], [], [], [], [0], []]
	restricts(["?every", path, [[["?eq", [], "b"]]]], asked)[1] == []
	restricts(["?lacks_elem", path, "a"], asked)[1] == []
	permits(["size_ge", path, 2], asked)[0] == 3
	restricts(["?size_lt", path, 2], asked) == [3, [0], [], [], [], [0], []]
}

test_a_shortened_list_at_another_path_is_unknown_in_what_it_lacks if {
	asked := object.union(with_args({"v": "a", "w": "b", "o": ["a", "a"]}), {"cut": [["args", "o"]]})
	permits(["in_f", ["args", "v"], ["args", "o"]], asked)[0] == 0
	permits(["nin_f", ["args", "w"], ["args", "o"]], asked)[0] == 3
	restricts(["?nin_f", ["args", "v"], ["args", "o"]], asked)[1] == []
	restricts(["?in_f", ["args", "w"], ["args", "o"]], asked) == [3, [0], [], [], [], [0], []]
}

test_an_operator_that_is_none_is_unknown if {
	every op in ["no_such", "size_", "text_no", "time_no", "money_no", "no_f", "money_no_f", "in_list_f", "_f"] {
		permits([op, ["args", "v"], 1], with_value(1))[0] == 3
	}
	restricts(["?no_such", ["args", "v"], 1], with_value(1)) == [3, [0], [], [], [], [0], []]
}

# --- any of all of ---

test_an_empty_list_of_clauses_is_never_true_and_an_empty_clause_always if {
	verdict_of([only({"maybe": never})], call)[1] == []
	verdict_of([only({"maybe": always})], call)[1] == [0]
	verdict_of([only({"effect": "allow", "sure": never})], call)[0] == 3
	verdict_of([only({"effect": "allow", "sure": always})], call)[0] == 0
}

test_clauses_are_any_of_all_of if {
	yes := ["has", ["match"], null]
	no := ["hasnt", ["match"], null]
	verdict_of([only({"maybe": [[yes, no]]})], call)[1] == []
	verdict_of([only({"maybe": [[yes, no], [yes, yes]]})], call)[1] == [0]
}

test_one_certain_clause_makes_a_rule_certain if {
	certain := ["has", ["match"], null]
	verdict_of([only({"maybe": [[["?eq", ["args", "v"], "x"]], [certain]]})], call) == [3, [0], [], [], [], [], []]
	verdict_of([only({"maybe": [[["?eq", ["args", "v"], "x"], certain]]})], call) == [3, [0], [], [], [], [0], []]
}

# --- kinds of rules ---

deny := only({"maybe": always})

ask := only({"effect": "approval_needed", "maybe": always, "approval": {"from": ["treasury"]}})

allow := only({"effect": "allow", "sure": always})

add := only({"effect": "add", "maybe": always, "obligations": [mask]})

limit := only({"effect": "limit", "maybe": always, "limit": {"id": "p/l"}})

shadowed(r) := object.union(r, {"shadow": true})

test_the_strictest_wins_whatever_the_order if {
	verdict_of([allow, ask, deny], call) == [3, [2], [], [], [], [], []]
	verdict_of([deny, ask, allow], call) == [3, [0], [], [], [], [], []]
	verdict_of([allow, ask], call) == [2, [1], [], [], [], [], []]
	verdict_of([ask, allow, ask], call) == [2, [0, 2], [], [], [], [], []]
	verdict_of([allow, allow], call) == [0, [0, 1], [], [], [], [], []]
}

test_what_nothing_permits_is_denied_by_no_rule if {
	verdict_of([], call) == [3, [], [], [], [], [], []]
	verdict_of([add, limit], call) == [3, [], [0], [1], [], [], []]
}

test_what_goes_along_comes_from_every_rule_that_applies_and_does_not_deny if {
	redacting := object.union(allow, {"maybe": always, "obligations": [mask]})
	asking := object.union(ask, {"obligations": [mask]})
	denying := object.union(deny, {"obligations": [mask]})
	verdict_of([redacting, asking, denying, add, limit], call) == [3, [2], [0, 1, 3], [4], [], [], []]
}

test_an_allow_is_judged_once_for_its_permit_and_once_for_its_obligations if {
	asked := with_value("absent")
	redacting := object.union(allow, {
		"sure": [[["eq", ["args", "v"], "x"]]],
		"maybe": [[["?eq", ["args", "v"], "x"]]],
		"obligations": [mask],
	})
	verdict_of([redacting], asked) == [3, [], [0], [], [], [0], []]
	verdict_of([redacting, allow], asked) == [0, [1], [0], [], [], [0], []]
	verdict_of([redacting], with_value("x")) == [0, [0], [0], [], [], [], []]
	verdict_of([redacting], with_value("y")) == [3, [], [], [], [], [], []]
}

test_a_shadow_rule_is_told_and_decides_nothing if {
	rules := [allow, shadowed(deny), shadowed(ask), shadowed(add), shadowed(limit), shadowed(allow)]
	verdict_of(rules, call) == [0, [0], [], [], [1, 2, 3, 4, 5], [], []]
	verdict_of([shadowed(allow)], call) == [3, [], [], [], [0], [], []]
	verdict_of([shadowed(object.union(allow, {"sure": never}))], call)[4] == []
}

# --- match ---

matching(m, asked) := [restricting, permitting] if {
	restricting := verdict_of([only({"match": m, "maybe": always})], asked)
	permitting := verdict_of([only({"effect": "allow", "match": m, "sure": always})], asked)
}

fits := [[3, [0], [], [], [], [], []], [0, [0], [], [], [], [], []]]

misses := [[3, [], [], [], [], [], []], [3, [], [], [], [], [], []]]

# Undetermined: the rule that restricts applies, and says that it might not; the one that permits does not.
open := [[3, [0], [], [], [], [0], []], [3, [], [], [], [], [], []]]

# Determined, and permitted only by a rule that says so.
reserved := [[3, [0], [], [], [], [], []], [3, [], [], [], [], [], []]]

call_with(m) := object.union(call, {"match": object.union(call.match, m)})

glob(open, n, fixed) := {"open": open, "n": n, "fixed": fixed}

starting(text) := {"is": {}, "starts": [text], "ends": []}

ending(text) := {"is": {}, "starts": [], "ends": [text]}

test_each_dimension_fits_or_misses if {
	cases := [
		[{}, fits],
		[{"agent": names(["finance-1"])}, fits],
		[{"agent": names(["finance-2"])}, misses],
		[{"agent": names([])}, misses],
		[{"agent": starting("finance-")}, fits],
		[{"agent": starting("health-")}, misses],
		[{"host": names(["api.example.com"])}, fits],
		[{"host": names(["example.com"])}, misses],
		[{"host": ending(".example.com")}, fits],
		[{"host": ending(".example.org")}, misses],
		[{"method": names(["GET", "POST"])}, fits],
		[{"method": names(["GET"])}, misses],
		[{"tool": names(["pay.create"])}, fits],
		[{"tool": starting("pay.")}, fits],
		[{"tool": names(["pay.refund"])}, misses],
		[{"protocol": names(["http"])}, fits],
		[{"protocol": names(["tunnel"])}, misses],
		[{"operation": names(["charge"])}, fits],
		[{"operation": starting("ch")}, fits],
		[{"operation": names(["refund"])}, misses],
		[{"model": starting("gpt-5")}, fits],
		[{"model": names(["gpt-5"])}, misses],
		[{"role": names(["reader"])}, fits],
		[{"role": starting("pay")}, fits],
		[{"role": names(["owner"])}, misses],
		[{"group": names(["treasury", "board"])}, fits],
		[{"group": starting("b")}, misses],
		[{"role": names(["owner"]), "group": names(["treasury"])}, misses],
		[{"path": [glob(false, 2, [[0, "v1"], [1, "payments"]])]}, fits],
		[{"path": [glob(false, 2, [[0, "v1"]])]}, fits],
		[{"path": [glob(false, 1, [[0, "v1"]])]}, misses],
		[{"path": [glob(false, 3, [[0, "v1"]])]}, misses],
		[{"path": [glob(true, 1, [[0, "v1"]])]}, fits],
		[{"path": [glob(true, 2, [])]}, fits],
		[{"path": [glob(true, 3, [])]}, misses],
		[{"path": [glob(true, 0, [])]}, fits],
		[{"path": [glob(false, 2, [[0, "v2"]]), glob(true, 0, [])]}, fits],
		[{"path": []}, misses],
		[{"agent": names(["finance-1"]), "host": names(["other"])}, misses],
		[{"agent": names(["finance-1"]), "method": names(["POST"])}, fits],
	]
	wrong := [c | some c in cases; matching(c[0], call) != c[1]]
	wrong == []
}

test_what_is_undetermined_fits_where_it_restricts_and_not_where_it_permits if {
	tunnel := {"protocol": "tunnel", "method": null, "segments": null, "tool": null, "tools": ["pay.create", "unknown"]}
	named := {"protocol": names(["tunnel"])}
	asked := call_with(tunnel)
	cases := [
		[named, fits],
		[{}, reserved],
		[{"host": ending(".example.com")}, reserved],
		[object.union(named, {"method": names(["GET"])}), open],
		[object.union(named, {"path": [glob(true, 1, [[0, "v9"]])]}), open],
		[object.union(named, {"tool": names(["pay.create"])}), open],
		[object.union(named, {"tool": names(["unknown"])}), open],
		[object.union(named, {"tool": starting("pay.")}), open],
		[object.union(named, {"tool": names(["pay.refund"])}), misses],
		[{"tool": names(["pay.create"])}, open],
	]
	wrong := [c | some c in cases; matching(c[0], asked) != c[1]]
	wrong == []
}

test_each_further_dimension_may_be_undetermined if {
	dimensions := {"operation": "operation", "model": "model", "role": "roles", "group": "groups"}
	wrong := [dimension |
		some dimension, fact in dimensions
		some asked in [call_with({fact: null}), object.union(object.remove(call, ["match"]), {"match": object.remove(call.match, [fact])})]
		some fitting in [names(["x"]), starting("")]
		matching({dimension: fitting}, asked) != open
	]
	wrong == []
}

test_a_call_without_an_operation_or_model_and_a_caller_without_roles_fit_no_name if {
	asked := call_with({"operation": "", "model": "", "roles": [], "groups": []})
	every dimension in ["operation", "model", "role", "group"] {
		matching({dimension: starting("")}, asked) == misses
		matching({dimension: names([""])}, asked) == misses
	}
}

test_opaque_protocols_are_permitted_only_by_name if {
	every protocol in ["tunnel", "upgrade", "stream"] {
		asked := call_with({"protocol": protocol})
		matching({}, asked) == reserved
		matching({"protocol": starting("")}, asked) == reserved
		matching({"protocol": names([protocol])}, asked) == fits
		matching({"protocol": names(["http"])}, asked) == misses
	}
}

test_an_unknown_tool_is_permitted_only_by_name if {
	asked := call_with({"tool": "unknown", "tools": ["unknown"]})
	matching({}, asked) == reserved
	matching({"host": names(["api.example.com"])}, asked) == reserved
	matching({"tool": starting("")}, asked) == reserved
	matching({"tool": names(["unknown"])}, asked) == fits
	matching({"tool": names(["pay.create"])}, asked) == misses
}

test_a_yes_takes_no_rules_place if {
	hidden := [call_with({"protocol": "tunnel"}), call_with({"tool": "unknown", "tools": ["unknown"]})]
	asking := only({"effect": "approval_needed", "maybe": always})
	named := {"protocol": names(["tunnel"]), "tool": names(["unknown"])}
	by_name := only({"effect": "approval_needed", "maybe": always, "match": named})
	verdict_of([asking], call)[0] == 2
	every asked in hidden { verdict_of([asking], asked) == [3, [], [], [], [], [], []] }
	asked_by_name := call_with({"protocol": "tunnel", "tool": "unknown", "tools": ["unknown"]})
	verdict_of([by_name], asked_by_name)[0] == 2
	verdict_of([asking, by_name], asked_by_name) == [2, [0, 1], [], [], [], [], []]
}

test_a_guardrail_asks_and_opens_nothing if {
	guard := object.union(ask, {"guard": true})
	verdict_of([guard], call) == [3, [], [], [], [], [], []]
	verdict_of([guard, allow], call) == [2, [0], [], [], [], [], []]
	verdict_of([guard, shadowed(allow)], call) == [3, [], [], [], [1], [], []]
	verdict_of([guard, ask], call) == [2, [0, 1], [], [], [], [], []]
	verdict_of([guard, shadowed(ask)], call) == [3, [], [], [], [1], [], []]
	verdict_of([guard, object.union(ask, {"maybe": never})], call) == [3, [], [], [], [], [], []]
	verdict_of([guard, deny], call) == [3, [1], [], [], [], [], []]

	# Nor does it, where the tenant's own rule does not name what is hidden.
	hidden := call_with({"protocol": "tunnel"})
	named := {"match": {"protocol": names(["tunnel"])}}
	verdict_of([object.union(guard, named), ask], hidden) == [3, [], [], [], [], [], []]
	verdict_of([guard, object.union(ask, named)], hidden) == [2, [0, 1], [], [], [], [], []]
}

test_a_guardrail_denies_redacts_and_limits_as_other_rules_do if {
	guard := {"guard": true}
	verdict_of([object.union(deny, guard), allow], call) == [3, [0], [], [], [], [], []]
	verdict_of([object.union(add, guard), object.union(limit, guard), allow], call) == [0, [2], [0], [1], [], [], []]
}

# --- headers that are set ---

setting(r) := object.union(r, {"sure": always, "sets": [header]})

test_headers_are_set_by_every_enforced_rule_that_does_not_deny if {
	rules := [setting(allow), setting(ask), setting(deny), setting(add), setting(limit), shadowed(setting(allow)), add]
	verdict_of(rules, call)[6] == [0, 1, 3, 4]
	verdict_of([object.union(add, {"maybe": null, "obligations": [], "sets": [header], "sure": always}), allow], call) == [0, [1], [], [], [], [], [0]]
}

test_no_header_is_set_by_what_is_not_certain if {
	verdict_of([setting(add)], call)[6] == [0]
	verdict_of([object.union(setting(add), {"sure": never})], call)[6] == []
	verdict_of([object.union(setting(add), {"sure": null})], call)[6] == []
	verdict_of([object.union(setting(add), {"match": {"method": names(["GET"])}})], call)[6] == []
	verdict_of([object.union(setting(add), {"match": {"method": names(["GET"])}})], call_with({"method": null}))[6] == []
	verdict_of([object.union(setting(add), {"match": {"role": names(["x"])}})], call_with({"roles": null}))[6] == []

	# What is hidden and not matched by leaves nothing open.
	verdict_of([setting(add)], call_with({"protocol": "tunnel", "method": null}))[6] == [0]
}

test_a_host_without_tools_fits_no_tool if {
	asked := call_with({"tool": null, "tools": []})
	matching({}, asked) == fits
	matching({"tool": starting("")}, asked) == misses
	matching({"tool": names(["unknown"])}, asked) == misses
}

# --- the index ---

test_only_rules_behind_a_key_of_the_call_are_judged_and_each_once if {
	program := {"format": 1, "rules": [allow, allow, deny], "index": {"*": [1], "t:pay.create": [0, 1], "h:other": [2]}}
	v := sluice.verdict with data.policies as program with input as object.union(call, {"keys": ["t:pay.create", "*", "h:none"]})
	v == [0, [0, 1], [], [], [], [], []]
}

# --- what is malformed permits nothing ---

test_a_malformed_policy_permits_nothing if {
	good := policies([allow])
	bad := [
		{},
		[],
		null,
		"x",
		object.remove(good, ["format"]),
		object.remove(good, ["rules"]),
		object.remove(good, ["index"]),
		object.union(good, {"format": 2}),
		object.union(good, {"format": "1"}),
		object.union(good, {"rules": {"0": allow}}),
		object.union(good, {"rules": null}),
		object.union(good, {"index": []}),
		object.union(good, {"index": {"*": [7]}}),
		policies([object.remove(allow, ["effect"])]),
		policies([object.remove(allow, ["match"])]),
		policies([object.remove(allow, ["sure"])]),
		policies([object.remove(allow, ["shadow"])]),
		policies([object.remove(ask, ["guard"])]),
		policies([object.union(allow, {"sure": null})]),
		policies([object.union(allow, {"sure": [[["no_such", [], null]]]})]),
		policies([object.union(allow, {"sure": [[[]]]})]),
		policies([object.union(allow, {"sure": [["x"]]})]),
	]
	permitted := [p | some p in bad; v := sluice.verdict with data.policies as p with input as call; v[0] != 3]
	permitted == []
}

test_a_call_without_its_facts_is_permitted_by_nothing if {
	facts := ["agent", "host", "protocol", "tools"]
	permitted := [f | some f in facts; v := verdict_of([allow], object.union(object.remove(call, ["match"]), {"match": object.remove(call.match, [f])})); v[0] != 3]
	permitted == []
	verdict_of([allow], {}) == [3, [], [], [], [], [], []]
}

# --- the spelt-out form ---

test_the_ruling_spells_the_verdict_out if {
	rules := [
		object.union(ask, {"id": "p/ask", "code": "c", "reason": "why", "hint": "do", "obligations": [mask], "sure": always, "sets": [header]}),
		object.union(limit, {"id": "p/limit"}),
		object.union(shadowed(deny), {"id": "p/shadow"}),
		object.union(add, {"id": "p/add", "maybe": [[["?eq", ["args", "v"], "x"]]]}),
	]
	r := sluice.ruling with data.policies as policies(rules) with input as call
	r == {
		"decision": "approval_needed",
		"by": [{"id": "p/ask", "code": "c", "reason": "why", "hint": "do"}],
		"approvals": [{"from": ["treasury"]}],
		"obligations": [mask, mask],
		"limits": [{"id": "p/l"}],
		"shadow": [{"rule": "p/shadow", "effect": "deny"}],
		"unknowns": ["p/add"],
		"sets": [header],
	}
}
