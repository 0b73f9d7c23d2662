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

policies(rules) := {"format": 1, "rules": rules, "index": {"*": numbers.range(0, count(rules) - 1)}}

verdict_of(rules, asked) := v if {
	v := sluice.verdict with data.policies as policies(rules) with input as asked
}

only(part) := object.union(rule, part)

names(is) := {"is": {n: true | some n in is}, "starts": [], "ends": []}

# --- operators: each on a value that makes it true, false and unknown ---

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
	["in_list", [1, 2], [1, 2], [3, 0], [null, "1", true, [1], "absent"]],
	["nin_list", [1, 2], [3, 0], [1, 2], [null, "1", true, [1], "absent"]],
	["in_list", [true], [true], [false], [null, "true", 1, "absent"]],
	["nin_list", [true], [false], [true], [null, "true", 1, "absent"]],
	["prefix", "ab", ["ab", "abc"], ["a", "b", ""], [null, 1, ["ab"], "absent"]],
	["nprefix", "ab", ["a", "b", ""], ["ab", "abc"], [null, 1, ["ab"], "absent"]],
	["truthy", null, [true], [false], [null, "true", 1, "absent"]],
	["falsy", null, [false], [true], [null, "false", 0, "absent"]],
	["money_eq", usd(5), [usd(5)], [usd(4)], moneyless],
	["money_ne", usd(5), [usd(4)], [usd(5)], moneyless],
	["money_lt", usd(5), [usd(4), usd(0)], [usd(5), usd(6)], moneyless],
	["money_le", usd(5), [usd(4), usd(5)], [usd(6)], moneyless],
	["money_gt", usd(5), [usd(6)], [usd(5), usd(4)], moneyless],
	["money_ge", usd(5), [usd(6), usd(5)], [usd(4)], moneyless],
	["contains_elem", "a", [["a"], ["b", "a"], [1, "a"]], [[], ["b"]], [null, "a", {"x": "a"}, [1], ["b", null], "absent"]],
	["lacks_elem", "a", [[], ["b"]], [["a"], ["b", "a"], [1, "a"]], [null, "a", {"x": "a"}, [1], ["b", null], "absent"]],
]

moneyless := [null, "5", 5, {"currency": "eur", "micros": 5}, {"currency": "usd", "micros": "5"}, {"currency": "usd"}, {}, "absent"]

usd(n) := {"currency": "usd", "micros": n}

# [quantifier, lists that make it true, false, unknown], each over the clause "the element is a".
quantifiers := [
	["some", [["a"], ["b", "a"], [null, "a"]], [[], ["b"]], [null, "a", {}, [null], ["b", 1], "absent"]],
	["every", [[], ["a"], ["a", "a"]], [["b"], ["a", "b"], [null, "b"]], [null, "a", {}, [null], ["a", 1], "absent"]],
]

states := {"true": 2, "false": 3, "unknown": 4}

# Every operator and value with what is expected of it: [atom, twin atom, call, state].
expectations contains [[op[0], path, op[1]], [concat("", ["?", op[0]]), path, op[1]], with_value(v), state] if {
	path := ["args", "v"]
	some op in operators
	some state, place in states
	some v in op[place]
}

# The same inside `some`: the only element is the value, or holds it.
expectations contains [["some", ["args", "v"], [[[op[0], path, op[1]]]]], ["?some", ["args", "v"], [[[concat("", ["?", op[0]]), path, op[1]]]]], asked, state] if {
	some op in operators
	some state, place in states
	some v in op[place]
	some path in [[], ["k"]]
	asked := with_value([element(path, v)])
}

expectations contains [[q[0], ["args", "v"], [[["eq", [], "a"]]]], [concat("", ["?", q[0]]), ["args", "v"], [[["?eq", [], "a"]]]], with_value(v), state] if {
	some q in quantifiers
	some state, place in {"true": 1, "false": 2, "unknown": 3}
	some v in q[place]
}

with_value(v) := object.union(call, {"args": {"v": v}}) if v != "absent"

with_value("absent") := object.union(call, {"args": {}})

element([], v) := v if v != "absent"

element([], "absent") := null

element(["k"], v) := {"k": v} if v != "absent"

element(["k"], "absent") := {"other": "a"}

# The five last places of a verdict of one restricting rule, or of one that permits.
restricts(atom, asked) := verdict_of([only({"maybe": [[atom]]})], asked)

permits(atom, asked) := verdict_of([only({"effect": "allow", "sure": [[atom]]})], asked)

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

test_operators_are_all_tried if count(expectations) > 500

test_a_plain_atom_permits_only_where_it_is_definitely_true if {
	wrong := [e | some e in expectations; permits(e[0], e[2]) != expected_of_plain[e[3]]]
	wrong == []
}

test_a_twin_restricts_where_it_is_true_or_unknown_and_says_which if {
	wrong := [e | some e in expectations; restricts(e[1], e[2]) != expected_of_twin[e[3]]]
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
		object.union(ask, {"id": "p/ask", "code": "c", "reason": "why", "hint": "do", "obligations": [mask]}),
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
		"sets": [],
	}
}
