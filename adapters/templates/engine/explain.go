package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// plain is an error in our own words: it holds no value of the data.
type plain string

func (p plain) Error() string { return string(p) }

type trouble struct{ code, because string }

var (
	place       = regexp.MustCompile(`^template: ` + regexp.QuoteMeta(templateName) + `:(\d+)(?::\d+)?: `)
	undefined   = regexp.MustCompile(`^function "([^"]*)" not defined$`)
	at          = regexp.MustCompile(`(?s)^executing "[^"]*" at <(.*?)>: (.*)$`)
	calling     = regexp.MustCompile(`(?s)^error calling ([A-Za-z_0-9]+): (.*)$`)
	field       = regexp.MustCompile(`^can't evaluate field (\S+) in type (.+)$`)
	nilField    = regexp.MustCompile(`^nil pointer evaluating interface \{\}\.(\S+)$`)
	expected    = regexp.MustCompile(`^invalid value; expected (.+)$`)
	notIterable = regexp.MustCompile(`^range can't iterate over `)
)

// What Go says that names types and functions, and never a value.
var harmless = []*regexp.Regexp{
	regexp.MustCompile(`^wrong type for value; expected [^;]+; got \S+( \{\})?$`),
	regexp.MustCompile(`^wrong number of args for \w+: want (at least )?\d+ got \d+$`),
	regexp.MustCompile(`^(invalid type|missing argument) for comparison$`),
	regexp.MustCompile(`^incompatible types for comparison: \S+( \{\})? and \S+( \{\})?$`),
	regexp.MustCompile(`^value has type [^;]+; should be \S+$`),
	regexp.MustCompile(`^exceeded maximum template depth \(\d+\)$`),
	regexp.MustCompile(`^template "[^"]*" not defined$`),
	regexp.MustCompile(`^(index|slice) of (untyped nil|nil pointer)$`),
	regexp.MustCompile(`^(len of|can't index item of|can't slice item of|cannot index slice/array with) (nil pointer|untyped nil|type \S+)$`),
	regexp.MustCompile(`^can't (give argument to non-function|call method/function) "?[\w.$]+"?`),
	regexp.MustCompile(`^expected (string|bool|int|integer|unsigned integer|float|complex|number); `),
}

// explainSyntax rewords what parsing said: it knows the template's text and no data.
func explainSyntax(err error) trouble {
	line, rest := takeLine(err.Error())
	if name := undefined.FindStringSubmatch(rest); name != nil {
		return trouble{"unsupported-function", line + notThere(name[1])}
	}
	return trouble{"syntax", line + rest}
}

// explainRun rewords what running said, without what may hold values.
func explainRun(err error) trouble {
	if errors.Is(err, errTooLarge) {
		return trouble{"too-large", fmt.Sprintf("it puts out more than %d bytes", maxOutput)}
	}
	line, rest := takeLine(err.Error())
	around := ""
	if parts := at.FindStringSubmatch(rest); parts != nil {
		rest = parts[2]
		if !strings.HasPrefix(parts[1], guardName) {
			around = "at " + short(parts[1]) + ": "
		}
	}
	var ours plain
	if errors.As(err, &ours) {
		return trouble{"failed", line + string(ours)}
	}
	return trouble{"failed", line + around + withoutValues(rest)}
}

func takeLine(said string) (line, rest string) {
	where := place.FindStringSubmatch(said)
	if where == nil {
		return "", said
	}
	return "line " + where[1] + ": ", said[len(where[0]):]
}

func withoutValues(said string) string {
	if parts := calling.FindStringSubmatch(said); parts != nil {
		if isHarmless(parts[2]) {
			return parts[1] + ": " + parts[2]
		}
		return fmt.Sprintf("%s does not work with what it was given (what it said may hold values and is not shown)", parts[1])
	}
	if parts := field.FindStringSubmatch(said); parts != nil {
		if strings.HasSuffix(parts[2], "main.root") {
			return fmt.Sprintf(".%s is not there: a template sees .Kind, .Tenant, .Management, .Env, .Envs and .Configs", parts[1])
		}
		if strings.HasSuffix(parts[2], "main.tenant") {
			return fmt.Sprintf("there is no .%s: of the tenant a template sees .Name", parts[1])
		}
		return fmt.Sprintf("there is no .%s, for that is no map", parts[1])
	}
	if parts := nilField.FindStringSubmatch(said); parts != nil {
		return fmt.Sprintf(".%s is looked up in something that has no value", parts[1])
	}
	if parts := expected.FindStringSubmatch(said); parts != nil {
		return fmt.Sprintf("there is no value where a %s is expected", typeName(parts[1]))
	}
	if notIterable.MatchString(said) {
		return "range needs a list, a map or a whole number"
	}
	if isHarmless(said) {
		return said
	}
	return "it does not work with these values (what the engine said may hold values and is not shown)"
}

func isHarmless(said string) bool {
	for _, one := range harmless {
		if one.MatchString(said) {
			return true
		}
	}
	return false
}

func typeName(of string) string {
	switch of = strings.TrimPrefix(of, "*"); of {
	case "[]interface {}":
		return "list"
	case "map[string]interface {}":
		return "map"
	case "float64", "int":
		return "number"
	default:
		return strings.TrimPrefix(of, "main.")
	}
}
