package main

import (
	"strings"
	"text/template/parse"
)

// pipe goes through a pipeline, and sets the variables that it declares.
func (a *analysis) pipe(pipe *parse.PipeNode, in *scope) places {
	value := a.command(pipe, in)
	for _, variable := range pipe.Decl {
		if pipe.IsAssign {
			in.assign(variable.Ident[0], value)
		} else {
			in.variables[variable.Ident[0]] = value
		}
	}
	return value
}

func (a *analysis) command(pipe *parse.PipeNode, in *scope) places {
	var value places
	for i, command := range pipe.Cmds {
		args := command.Args
		if len(args) == 0 {
			continue
		}
		name, ok := args[0].(*parse.IdentifierNode)
		if !ok {
			value = a.value(args[0], in)
			continue
		}
		given := make([]argument, 0, len(args))
		for _, arg := range args[1:] {
			given = append(given, argument{node: arg, value: a.value(arg, in)})
		}
		if i > 0 {
			given = append(given, argument{value: value})
		}
		value = a.function(name.Ident, given)
	}
	return value
}

// argument of a function: the node is nil for what comes through a pipe.
type argument struct {
	node  parse.Node
	value places
}

func (a argument) text() (string, bool) {
	if text, ok := a.node.(*parse.StringNode); ok {
		return text.Text, true
	}
	return "", false
}

func (a *analysis) value(node parse.Node, in *scope) places {
	switch node := node.(type) {
	case *parse.DotNode:
		return in.dot
	case *parse.FieldNode:
		return in.dot.step(node.Ident...)
	case *parse.VariableNode:
		return in.get(node.Ident[0]).step(node.Ident[1:]...)
	case *parse.ChainNode:
		return a.value(node.Node, in).step(node.Field...)
	case *parse.PipeNode:
		return a.pipe(node, in)
	case *parse.IdentifierNode:
		return a.function(node.Ident, nil)
	default:
		return nil
	}
}

// function tells what a call reads, and what its outcome stands for.
func (a *analysis) function(name string, args []argument) places {
	a.functions[name] = true
	if walks, ok := walkers[name]; ok {
		if outcome, done := walks(a, args); done {
			return outcome
		}
	}
	for _, arg := range args {
		a.uses(arg.value)
	}
	return nil
}

type walker func(a *analysis, args []argument) (outcome places, done bool)

// walkers are the functions that look into what they are given, or hand it on.
var walkers map[string]walker

func init() {
	walkers = map[string]walker{
		"index":   steps(0, 1, -1),
		"get":     steps(0, 1, 2),
		"hasKey":  has,
		"first":   members,
		"last":    members,
		"reverse": members,
		"initial": members,
		"rest":    members,
		"default": either, "coalesce": either,
		"eachOf":            columns(0, 1),
		"mapOf":             columns(2, 0, 1),
		"filter":            chooses,
		"exclude":           chooses,
		"environmentsAsMap": asMap,
		"subdomain":         ofSubdomain,
		"len":               onlyTheMembers,
	}
}

// steps follows literal keys; from where a key is only known when it runs, all is read.
func steps(from, first, most int) walker {
	return func(a *analysis, args []argument) (places, bool) {
		if len(args) <= from || (most >= 0 && len(args) != most) {
			return nil, false
		}
		value := args[from].value
		for _, arg := range args[first:] {
			key, literal := arg.text()
			if _, number := arg.node.(*parse.NumberNode); number && all(value, isEnvs) {
				continue
			}
			if !literal {
				return nil, false
			}
			value = value.step(key)
		}
		return value, true
	}
}

func has(a *analysis, args []argument) (places, bool) {
	if len(args) != 2 {
		return nil, false
	}
	key, literal := args[1].text()
	if literal {
		a.uses(args[0].value.step(key))
	}
	return nil, literal
}

func members(_ *analysis, args []argument) (places, bool) {
	if len(args) != 1 || !all(args[0].value, isEnvs) {
		return nil, false
	}
	return args[0].value, true
}

func either(_ *analysis, args []argument) (places, bool) {
	var value places
	for _, arg := range args {
		value = append(value, arg.value...)
	}
	return value, true
}

// columns reads the keys that the other arguments name, of each member of a list.
func columns(list int, keys ...int) walker {
	return func(a *analysis, args []argument) (places, bool) {
		if len(args) != len(keys)+1 {
			return nil, false
		}
		for _, at := range keys {
			if _, literal := args[at].text(); !literal {
				return nil, false
			}
		}
		for _, at := range keys {
			key, _ := args[at].text()
			a.uses(args[list].value.step(key))
		}
		return nil, true
	}
}

func chooses(a *analysis, args []argument) (places, bool) {
	if len(args) != 3 {
		return nil, false
	}
	key, literal := args[0].text()
	if !literal {
		return nil, false
	}
	a.uses(args[1].value)
	a.uses(args[2].value.step(key))
	return args[2].value, true
}

func asMap(a *analysis, args []argument) (places, bool) {
	if len(args) != 2 {
		return nil, false
	}
	keys, literal := args[0].text()
	if !literal {
		return nil, false
	}
	a.uses(args[1].value.step("name"))
	for _, key := range strings.Split(keys, ",") {
		a.uses(args[1].value.step(strings.TrimSpace(key)))
	}
	return nil, true
}

func ofSubdomain(a *analysis, args []argument) (places, bool) {
	if len(args) != 2 || !all(args[0].value, isWhole) {
		return nil, false
	}
	a.uses(places{{"Kind"}, {"Tenant", "Name"}, {"Env", "name"}})
	a.uses(args[1].value)
	return nil, true
}

// How many environments there are tells nothing of their values.
func onlyTheMembers(_ *analysis, args []argument) (places, bool) {
	return nil, len(args) == 1 && all(args[0].value, isEnvs)
}

func isEnvs(one path) bool  { return len(one) == 1 && one[0] == "Envs" }
func isWhole(one path) bool { return len(one) == 0 }

func all(of places, holds func(path) bool) bool {
	for _, one := range of {
		if !holds(one) {
			return false
		}
	}
	return len(of) > 0
}
