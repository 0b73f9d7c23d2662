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
	is_string(input.match.method)
	not named(input.match.method, m.method)
} else if {
	m.path
	is_array(input.match.segments)
	not path_fits(m.path)
} else if {
	m.protocol
	not named(input.match.protocol, m.protocol)
} else if {
	m.role
	is_array(input.match.roles)
	not any_named(input.match.roles, m.role)
} else if {
	m.group
	is_array(input.match.groups)
	not any_named(input.match.groups, m.group)
} else if {
	m.operation
	is_string(input.match.operation)
	not aspect_fits(input.match.operation, m.operation)
} else if {
	m.model
	is_string(input.match.model)
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
	not is_string(input.match.tool)
} else if {
	m.method
	not is_string(input.match.method)
} else if {
	m.path
	not is_array(input.match.segments)
} else if {
	m.role
	not is_array(input.match.roles)
} else if {
	m.group
	not is_array(input.match.groups)
} else if {
	m.operation
	not is_string(input.match.operation)
} else if {
	m.model
	not is_string(input.match.model)
}

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

# An atom as it is written: plain, it must be definitely true; its strict twin (`?`) is also true when unknown.
atom_holds(atom) if {
	opposite := opposites[atom[0]]
	not known(opposite, value(input, atom[1]), atom)
} else if {
	atom[0] == "?some"
	some_possibly(value(input, atom[1]), atom)
} else if {
	atom[0] == "?every"
	every_possibly(value(input, atom[1]), atom)
} else if {
	surely(atom[0], atom)
}

surely(op, atom) if {
	known(op, value(input, atom[1]), atom)
} else if {
	op == "some"
	v := value(input, atom[1])
	is_array(v)
	some e in v
	element_surely(e, atom[2])
} else if {
	op == "every"
	v := value(input, atom[1])
	is_array(v)
	not cut(atom[1])
	every e in v { element_surely(e, atom[2]) }
}

some_possibly(v, atom) if {
	not is_array(v)
} else if {
	some e in v
	element_holds(e, atom[2])
} else if {
	cut(atom[1])
}

every_possibly(v, atom) if {
	not is_array(v)
} else if {
	every e in v { element_holds(e, atom[2]) }
}

element_surely(e, clauses) if {
	some clause in clauses
	every atom in clause { known(trim_prefix(atom[0], "?"), value(e, atom[1]), atom) }
}

element_holds(e, clauses) if {
	some clause in clauses
	every atom in clause { element_atom_holds(e, atom) }
}

element_atom_holds(e, atom) if {
	opposite := opposites[atom[0]]
	not known(opposite, value(e, atom[1]), atom)
} else if {
	known(atom[0], value(e, atom[1]), atom)
}

# The operator that is definitely true exactly where the twin is definitely false.
opposites := {
	"?eq": "ne", "?ne": "eq",
	"?lt": "ge", "?ge": "lt",
	"?le": "gt", "?gt": "le",
	"?in": "nin", "?nin": "in",
	"?in_list": "nin_list", "?nin_list": "in_list",
	"?prefix": "nprefix", "?nprefix": "prefix",
	"?truthy": "falsy", "?falsy": "truthy",
	"?money_eq": "money_ne", "?money_ne": "money_eq",
	"?money_lt": "money_ge", "?money_ge": "money_lt",
	"?money_le": "money_gt", "?money_gt": "money_le",
	"?contains_elem": "lacks_elem", "?lacks_elem": "contains_elem",
}

# What stands at a path; an empty set, which no JSON is, where nothing does.
value(base, path) := object.get(base, path, set()) if {
	is_object(base)
} else := base if {
	path == []
} else := set()

cut(path) if path in input.cut

# Definitely true of the value, in the order of how often an operator occurs.
known(op, v, atom) if {
	op == "eq"
	v == atom[2]
} else if {
	op == "in"
	atom[2][v]
} else if {
	op == "money_le"
	micros(v, atom[2]) <= atom[2].micros
} else if {
	op == "money_gt"
	micros(v, atom[2]) > atom[2].micros
} else if {
	op == "ne"
	type_name(v) == type_name(atom[2])
	v != atom[2]
} else if {
	op == "nin"
	is_string(v)
	not atom[2][v]
} else if {
	op == "prefix"
	is_string(v)
	startswith(v, atom[2])
} else if {
	op == "nprefix"
	is_string(v)
	not startswith(v, atom[2])
} else if {
	op == "has"
	v != set()
} else if {
	op == "hasnt"
	v == set()
} else if {
	op == "le"
	is_number(v)
	v <= atom[2]
} else if {
	op == "gt"
	is_number(v)
	v > atom[2]
} else if {
	op == "lt"
	is_number(v)
	v < atom[2]
} else if {
	op == "ge"
	is_number(v)
	v >= atom[2]
} else if {
	op == "money_lt"
	micros(v, atom[2]) < atom[2].micros
} else if {
	op == "money_ge"
	micros(v, atom[2]) >= atom[2].micros
} else if {
	op == "money_eq"
	micros(v, atom[2]) == atom[2].micros
} else if {
	op == "money_ne"
	micros(v, atom[2]) != atom[2].micros
} else if {
	op == "truthy"
	v == true
} else if {
	op == "falsy"
	v == false
} else if {
	op == "contains_elem"
	is_array(v)
	atom[2] in v
} else if {
	op == "lacks_elem"
	is_array(v)
	not cut(atom[1])
	every e in v {
		type_name(e) == type_name(atom[2])
		e != atom[2]
	}
} else if {
	op == "in_list"
	v in atom[2]
} else if {
	op == "nin_list"
	type_name(v) == type_name(atom[2][0])
	not v in atom[2]
}

# Money of another currency does not compare.
micros(v, operand) := v.micros if {
	v.currency == operand.currency
	is_number(v.micros)
}
