package main

import (
	"errors"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"
)

const maxOutput = 1 << 20

var errTooLarge = errors.New("too large")

// bounded takes what is written to it until there is too much of it.
type bounded struct{ strings.Builder }

func (b *bounded) Write(some []byte) (int, error) {
	if b.Len()+len(some) > maxOutput {
		return 0, errTooLarge
	}
	return b.Builder.Write(some)
}

// Every template has this name, which no author gives to one of theirs: errors are told with line and column after it.
const templateName = "computed.template of Feature.yaml"

func parsed(text string) (*template.Template, error) {
	return template.New(templateName).Funcs(functions).Parse(text)
}

func render(one source, data root) answer {
	built, err := parsed(one.Template)
	if err != nil {
		return refused(one.Key, explainSyntax(err))
	}
	literals := map[string]bool{}
	for _, each := range built.Templates() {
		if each.Tree != nil {
			guardOutput(each.Tree)
			collectLiterals(each.Tree.Root, literals)
		}
	}
	// Only now, so that templates cannot call the guard themselves.
	built.Funcs(template.FuncMap{guardName: guard, "fail": failWith(literals)})
	out := &bounded{}
	own := fresh(data)
	if err := built.Execute(out, &own); err != nil {
		return refused(one.Key, explainRun(err))
	}
	text := out.String()
	if !utf8.ValidString(text) {
		return refused(one.Key, trouble{"failed", "what it puts out is no UTF-8 text"})
	}
	return answer{Key: one.Key, OK: true, Text: &text}
}

func refused(key string, why trouble) answer {
	return answer{Key: key, Code: why.code, Because: why.because}
}

// What the author wrote may be told; a message made of values may not.
func failWith(literals map[string]bool) func(string) (string, error) {
	return func(message string) (string, error) {
		if literals[message] {
			return "", plain("fail: " + message)
		}
		return "", plain("fail was called; its message is made of values and not shown")
	}
}

func collectLiterals(node parse.Node, into map[string]bool) {
	visit(node, func(node parse.Node) {
		if text, ok := node.(*parse.StringNode); ok {
			into[text.Text] = true
		}
	})
}
