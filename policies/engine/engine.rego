# The fixed engine that every YAML policy runs on, format 1. The policy is data (data.policies, see src/policy/program.ts),
# the call is input. Conditions arrive as "any of all of" atoms, so nothing here recurses.
#
#   input.keys    every index key of the call
#   input.match   {agent, host, method, segments, tool, tools, protocol, operation, model, roles, groups}; null is undetermined,
#                 `tools` are all that it may be, an operation or model that the call has none of is empty
#   input.cut     paths of lists that were shortened: what they lack is unknown
package sluice

# What the host reads, as numbers: [decision, deciding rules, rules with obligations, limits, shadow rules, rules that apply
# only because something is unknown, rules that set headers]. 0 allow, 2 approval_needed, 3 deny; 3 without a deciding rule
# means that none applies.
default verdict := [3, [], [], [], [], [], []]

verdict := [outcome.decision, outcome.by, adding, limiting, shadows, unknowns, setting] if usable

outcome := {"decision": 3, "by": denying} if {
	count(denying) > 0
} else := {"decision": 2, "by": asking} if {
	count(asking) > 0
	answerable
} else := {"decision": 0, "by": permitting} if {
	count(permitting) > 0
} else := {"decision": 3, "by": []}

# A person's yes lets the call go on, so what only a rule that names it may permit, some rule must name here too; and a
# guardrail's question opens nothing by itself.
answerable if count(permitting) > 0

answerable if {
	some i in asking
	rules[i].guard == false
	opens(rules[i].match)
}

# The same spelt out, for `opa eval`, the REST API and tests.
ruling := {
	"decision": decisions[verdict[0]],
	"by": [object.filter(rules[i], {"id", "code", "reason", "hint"}) | some i in verdict[1]],
	"approvals": [rules[i].approval | some i in verdict[1]; is_object(rules[i].approval)],
	"obligations": [o | some i in verdict[2]; some o in rules[i].obligations],
	"limits": [rules[i].limit | some i in verdict[3]],
	"shadow": [{"rule": rules[i].id, "effect": rules[i].effect} | some i in verdict[4]],
	"unknowns": [rules[i].id | some i in verdict[5]],
	"sets": [set | some i in verdict[6]; some set in rules[i].sets],
}

decisions := {0: "allow", 2: "approval_needed", 3: "deny"}

rules := data.policies.rules

# A format this engine does not know, or a call without its facts, is judged by nobody: it is denied.
usable if {
	data.policies.format == 1
	is_array(rules)
	is_string(input.match.agent)
	is_string(input.match.host)
	is_string(input.match.protocol)
	is_array(input.match.tools)
}

denying := [i | some i in enforced; rules[i].effect == "deny"]

asking := [i | some i in enforced; rules[i].effect == "approval_needed"]

limiting := [i | some i in enforced; rules[i].effect == "limit"]

adding := [i | some i in enforced; rules[i].effect != "deny"; count(rules[i].obligations) > 0]

# Setting a header is a permission of its own: nothing about it may be unknown.
setting := [i |
	some i in fitting
	rules[i].sets[0]
	rules[i].effect != "deny"
	rules[i].shadow == false
	determined(rules[i].match)
	holds(rules[i].sure)
]

enforced := [i | some i in possible; not rules[i].shadow]

permitting := [i | some i in permits; rules[i].shadow == false]

shadows := sort({i | some i in possible; rules[i].shadow; rules[i].effect != "allow"} | {i | some i in permits; rules[i].shadow})

unknowns := [i | some i in possible; not certain(rules[i])]

# Rules whose condition is true or unknown.
possible := [i | some i in fitting; holds(rules[i].maybe)]

# Rules that permit: nothing about them may be unknown.
permits := [i |
	some i in fitting
	rules[i].effect == "allow"
	determined(rules[i].match)
	opens(rules[i].match)
	holds(rules[i].sure)
]

fitting := [i | some i in candidates; not misfit(rules[i].match)]

candidates := sort({i | some k in input.keys; some i in data.policies.index[k]})

certain(rule) if {
	determined(rule.match)
	some clause in rule.maybe
	every atom in clause { surely(trim_prefix(atom[0], "?"), atom) }
}

# --- match ---

# A dimension that is undetermined fits here; `determined` takes it out again for those that permit.
misfit(m) if {
	m.tool
	not tool_fits(m.tool)
} else if {
	m.host
	not named(input.match.host, m.host)
} else if {
	m.agent
	not named(input.match.agent, m.agent)
} else if {
	m.method
	method_seen
	not named(input.match.method, m.method)
} else if {
	m.path
	path_seen
	not path_fits(m.path)
} else if {
	m.protocol
	not named(input.match.protocol, m.protocol)
} else if {
	m.role
	roles_seen
	not any_named(input.match.roles, m.role)
} else if {
	m.group
	groups_seen
	not any_named(input.match.groups, m.group)
} else if {
	m.operation
	operation_seen
	not aspect_fits(input.match.operation, m.operation)
} else if {
	m.model
	model_seen
	not aspect_fits(input.match.model, m.model)
}

any_named(texts, names) if {
	some text in texts
	named(text, names)
}

# A call that has no such thing fits no name, not even one that is only a star.
aspect_fits(text, names) if {
	text != ""
	named(text, names)
}

tool_fits(names) if {
	some tool in input.match.tools
	named(tool, names)
}

named(text, names) if {
	names.is[text]
} else if {
	some start in names.starts
	startswith(text, start)
} else if {
	some end in names.ends
	endswith(text, end)
}

path_fits(globs) if {
	some glob in globs
	long_enough(glob)
	every fixed in glob.fixed { input.match.segments[fixed[0]] == fixed[1] }
}

long_enough(glob) if {
	glob.open
	count(input.match.segments) >= glob.n
} else if {
	not glob.open
	count(input.match.segments) == glob.n
}

determined(m) if not undetermined(m)

undetermined(m) if {
	m.tool
	not tool_seen
} else if {
	m.method
	not method_seen
} else if {
	m.path
	not path_seen
} else if {
	m.role
	not roles_seen
} else if {
	m.group
	not groups_seen
} else if {
	m.operation
	not operation_seen
} else if {
	m.model
	not model_seen
}

# Rules of their own, since what stands inside `not` is looked up outside of it and must be there.
tool_seen if is_string(input.match.tool)

method_seen if is_string(input.match.method)

path_seen if is_array(input.match.segments)

roles_seen if is_array(input.match.roles)

groups_seen if is_array(input.match.groups)

operation_seen if is_string(input.match.operation)

model_seen if is_string(input.match.model)

# What hides its content, and a tool of which nothing is known, are permitted only by a rule that names them.
opens(m) if {
	protocol_opens(m)
	tool_opens(m)
}

protocol_opens(_) if input.match.protocol == "http"

protocol_opens(m) if m.protocol.is[input.match.protocol]

tool_opens(_) if input.match.tool != "unknown"

tool_opens(m) if m.tool.is.unknown

# --- conditions ---

holds(clauses) if {
	some clause in clauses
	every atom in clause { atom_holds(atom) }
}

# An atom as it is written: plain, it must be definitely true; its strict twin (`?`) must not be definitely false.
atom_holds(atom) := surely(atom[0], atom) if {
	not startswith(atom[0], "?")
} else := some_possibly(value(input, atom[1]), atom) if {
	atom[0] == "?some"
} else := every_possibly(value(input, atom[1]), atom) if {
	atom[0] == "?every"
} else if {
	startswith(atom[0], "?")
	not refuted(trim_prefix(atom[0], "?"), value(input, atom[1]), atom)
}

surely(op, atom) := some_surely(value(input, atom[1]), atom) if {
	op == "some"
} else := every_surely(value(input, atom[1]), atom) if {
	op == "every"
} else := judged(op, value(input, atom[1]), atom)

some_surely(v, atom) if {
	is_array(v)
	some e in v
	element_surely(e, atom[2])
} else := false

every_surely(v, atom) if {
	is_array(v)
	not cut(atom[1])
	every e in v { element_surely(e, atom[2]) }
} else := false

some_possibly(v, atom) if {
	not is_array(v)
} else if {
	some e in v
	element_holds(e, atom[2])
} else if {
	cut(atom[1])
} else := false

every_possibly(v, atom) if {
	not is_array(v)
} else if {
	every e in v { element_holds(e, atom[2]) }
} else := false

element_surely(e, clauses) if {
	some clause in clauses
	every atom in clause { judged(trim_prefix(atom[0], "?"), value(e, atom[1]), atom) }
}

element_holds(e, clauses) if {
	some clause in clauses
	every atom in clause { element_atom_holds(e, atom) }
}

element_atom_holds(e, atom) if {
	startswith(atom[0], "?")
	not refuted(trim_prefix(atom[0], "?"), value(e, atom[1]), atom)
} else := judged(atom[0], value(e, atom[1]), atom)

# What stands at a path; an empty set, which no JSON is, where nothing does.
value(base, path) := object.get(base, path, set()) if {
	is_object(base)
} else := base if {
	path == []
} else := set()

cut(path) if path in input.cut

# A function of its own, since a call inside `not` is made outside of it and must be defined there.
refuted(op, v, atom) if judged(op, v, atom) == false

# True or false of the value, and undefined where that is unknown; in the order of how often an operator occurs.
judged(op, v, atom) := v == atom[2] if {
	op == "eq"
	type_name(v) == type_name(atom[2])
} else := object.get(atom[2], v, false) if {
	op == "in"
	is_string(v)
} else := micros(v, atom[2]) <= atom[2].micros if {
	op == "money_le"
} else := micros(v, atom[2]) > atom[2].micros if {
	op == "money_gt"
} else := v != atom[2] if {
	op == "ne"
	type_name(v) == type_name(atom[2])
} else := startswith(v, atom[2]) if {
	op == "prefix"
	is_string(v)
} else := v != set() if {
	op == "has"
} else := v == set() if {
	op == "hasnt"
} else := v <= atom[2] if {
	op == "le"
	is_number(v)
} else := v > atom[2] if {
	op == "gt"
	is_number(v)
} else := v < atom[2] if {
	op == "lt"
	is_number(v)
} else := v >= atom[2] if {
	op == "ge"
	is_number(v)
} else := object.get(atom[2], v, false) == false if {
	op == "nin"
	is_string(v)
} else := v if {
	op == "truthy"
	is_boolean(v)
} else := v == false if {
	op == "falsy"
	is_boolean(v)
} else := element_of(atom[2], v, atom[1]) if {
	op == "contains_elem"
} else := element_of(atom[2], v, atom[1]) == false if {
	op == "lacks_elem"
} else := micros(v, atom[2]) < atom[2].micros if {
	op == "money_lt"
} else := micros(v, atom[2]) >= atom[2].micros if {
	op == "money_ge"
} else := micros(v, atom[2]) == atom[2].micros if {
	op == "money_eq"
} else := micros(v, atom[2]) != atom[2].micros if {
	op == "money_ne"
} else := endswith(v, atom[2]) if {
	op == "suffix"
	is_string(v)
} else := listed(v, atom[2]) if {
	op == "in_list"
	type_name(v) == type_name(atom[2][0])
} else := listed(v, atom[2]) == false if {
	op == "nin_list"
	type_name(v) == type_name(atom[2][0])
} else := startswith(v, atom[2]) == false if {
	op == "nprefix"
	is_string(v)
} else := endswith(v, atom[2]) == false if {
	op == "nsuffix"
	is_string(v)
} else := contains(v, atom[2]) if {
	op == "substring"
	is_string(v)
} else := contains(v, atom[2]) == false if {
	op == "nsubstring"
	is_string(v)
} else := found(v, atom[2]) if {
	op == "matches"
} else := found(v, atom[2]) == false if {
	op == "nmatches"
} else := within(v, atom[2]) if {
	op == "cidr"
} else := within(v, atom[2]) == false if {
	op == "ncidr"
} else := related(trim_prefix(op, "size_"), size(v, atom[1]), atom[2]) if {
	startswith(op, "size_")
} else := related(trim_prefix(op, "text_"), v, atom[2]) if {
	startswith(op, "text_")
	is_string(v)
} else := related_instants(trim_prefix(op, "time_"), v, atom[2]) if {
	startswith(op, "time_")
} else := judged_against(trim_suffix(op, "_f"), v, atom[2]) if {
	endswith(op, "_f")
}

# Against the value at another path of the call.
judged_against(op, v, path) := related(op, v, w) if {
	w := value(input, path)
	is_scalar(v)
	type_name(v) == type_name(w)
} else := element_of(v, value(input, path), path) if {
	op == "in"
	is_scalar(v)
} else := element_of(v, value(input, path), path) == false if {
	op == "nin"
	is_scalar(v)
} else := related(trim_prefix(op, "money_"), micros(v, w), w.micros) if {
	startswith(op, "money_")
	w := value(input, path)
	is_number(w.micros)
}

related(relation, a, b) := a == b if {
	relation == "eq"
} else := a != b if {
	relation == "ne"
} else := a < b if {
	relation == "lt"
} else := a <= b if {
	relation == "le"
} else := a > b if {
	relation == "gt"
} else := a >= b if {
	relation == "ge"
}

# A number is of seconds. The operand's whole milliseconds are divided, not the seconds multiplied: native code would lose
# digits of a decimal.
related_instants(relation, v, milliseconds) := related(relation, v, milliseconds / 1000) if {
	is_number(v)
} else := related(relation, time.parse_rfc3339_ns(v), milliseconds * 1000000) if {
	is_string(v)
}

# Money of another currency does not compare.
micros(v, operand) := v.micros if {
	v.currency == operand.currency
	is_number(v.micros)
}

# Whether one is in the list at the path; unknown where the list was shortened, or holds what does not compare.
element_of(one, list, path) if {
	is_array(list)
	one in list
} else := false if {
	is_array(list)
	not cut(path)
	every e in list { type_name(e) == type_name(one) }
}

listed(v, list) if {
	v in list
} else := false

# Characters, members or elements; how many elements a shortened list had is unknown.
size(v, path) := count(v) if {
	is_array(v)
	not cut(path)
} else := count(v) if {
	is_string(v)
} else := count(v) if {
	is_object(v)
}

is_scalar(v) if {
	is_string(v)
} else if {
	is_number(v)
} else if {
	is_boolean(v)
}

# The host supplies it, because native code in Wasm compiles the pattern of regex.match anew in every evaluation.
found(v, pattern) := count(regex.find_n(pattern, v, 1)) > 0 if is_string(v)

# An address without a zone or a length. One mapped from IPv4 is judged differently by native code and in Wasm, and so is
# a text with a NUL.
within(v, network) := net.cidr_contains(network, v) if {
	is_string(v)
	not contains(v, "/")
	not contains(v, "\u0000")
	not startswith(trim_left(lower(v), "0:"), "ffff:")
}
