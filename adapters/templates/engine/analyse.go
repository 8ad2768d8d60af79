package main

import (
	"encoding/json"
	"sort"
	"strings"
	"text/template"
	"text/template/parse"
)

// path is a place in what a template sees, such as Env, project. Members of Envs have no number: Envs, name.
type path = []string

// places are all places that an expression may stand for; none when only running it would tell.
type places []path

func (p places) step(keys ...string) places {
	next := make(places, len(p))
	for i, one := range p {
		next[i] = append(append(path{}, one...), keys...)
	}
	return next
}

var roots = []string{"Kind", "Tenant", "Management", "Env", "Envs", "Configs"}

// analysis collects what a template reads and calls, from its text alone.
type analysis struct {
	of        *template.Template
	reads     map[string]path
	functions map[string]bool
	// Named templates that were gone through already, with what their dot stood for.
	seen map[string]bool
	// Those that are gone through right now.
	within map[string]bool
}

func analyse(one source) answer {
	built, err := parsed(one.Template)
	if err != nil {
		return refused(one.Key, explainSyntax(err))
	}
	found := &analysis{
		of: built, reads: map[string]path{}, functions: map[string]bool{}, seen: map[string]bool{}, within: map[string]bool{},
	}
	if built.Tree != nil {
		whole := places{path{}}
		found.list(built.Tree.Root, newScope(whole))
	}
	return answer{Key: one.Key, OK: true, Reads: found.sortedReads(), Functions: sortedNames(found.functions)}
}

// uses says that these places are looked at with all that is in them.
func (a *analysis) uses(seen places) {
	for _, one := range seen {
		if len(one) == 0 {
			for _, name := range roots {
				a.uses(places{path{name}})
			}
			continue
		}
		id, _ := json.Marshal(one)
		a.reads[string(id)] = one
	}
}

func (a *analysis) sortedReads() [][]string {
	sorted := [][]string{}
	for _, one := range a.reads {
		sorted = append(sorted, one)
	}
	sort.Slice(sorted, func(i, j int) bool { return strings.Join(sorted[i], "\x00") < strings.Join(sorted[j], "\x00") })
	return sorted
}

func sortedNames(of map[string]bool) []string {
	sorted := []string{}
	for name := range of {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	return sorted
}

// scope is what dot and the variables stand for at some place of a template.
type scope struct {
	dot       places
	whole     places
	variables map[string]places
	outer     *scope
}

func newScope(dot places) *scope {
	return &scope{dot: dot, whole: dot, variables: map[string]places{"$": dot}}
}

func (s *scope) inner(dot places) *scope {
	return &scope{dot: dot, whole: s.whole, variables: map[string]places{}, outer: s}
}

func (s *scope) get(name string) places {
	for at := s; at != nil; at = at.outer {
		if found, ok := at.variables[name]; ok {
			return found
		}
	}
	return nil
}

// assign adds: which of several assignments holds is known only when it runs.
func (s *scope) assign(name string, value places) {
	for at := s; at != nil; at = at.outer {
		if before, ok := at.variables[name]; ok {
			at.variables[name] = append(append(places{}, before...), value...)
			return
		}
	}
}

func (a *analysis) list(list *parse.ListNode, in *scope) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		a.node(node, in)
	}
}

func (a *analysis) node(node parse.Node, in *scope) {
	switch node := node.(type) {
	case *parse.ActionNode:
		value := a.pipe(node.Pipe, in)
		if len(node.Pipe.Decl) == 0 {
			a.uses(value)
		}
	case *parse.IfNode:
		within := in.inner(in.dot)
		a.looksAt(node.Pipe, a.pipe(node.Pipe, within))
		a.list(node.List, within.inner(in.dot))
		a.list(node.ElseList, within.inner(in.dot))
	case *parse.WithNode:
		within := in.inner(in.dot)
		value := a.pipe(node.Pipe, within)
		a.looksAt(node.Pipe, value)
		a.list(node.List, within.inner(value))
		a.list(node.ElseList, within.inner(in.dot))
	case *parse.RangeNode:
		a.loop(node, in)
	case *parse.TemplateNode:
		a.call(node, in)
	}
}

// looksAt: that a whole of values is there tells nothing of one of them.
func (a *analysis) looksAt(pipe *parse.PipeNode, value places) {
	for _, one := range value {
		if len(one) > 1 || (len(one) == 1 && (one[0] == "Kind" || one[0] == "Tenant")) {
			a.uses(places{one})
		}
	}
}

func (a *analysis) loop(node *parse.RangeNode, in *scope) {
	within := in.inner(in.dot)
	value := a.command(node.Pipe, within)
	members := places{}
	for _, one := range value {
		if len(one) == 1 && one[0] == "Envs" {
			members = append(members, one)
		} else {
			// It goes over all that is there, whatever it does with it.
			a.uses(places{one})
		}
	}
	body := within.inner(members)
	for i, variable := range node.Pipe.Decl {
		if i == len(node.Pipe.Decl)-1 {
			body.variables[variable.Ident[0]] = members
		} else {
			body.variables[variable.Ident[0]] = nil
		}
	}
	// Twice, for what the end of a round assigns is read at the start of the next.
	a.list(node.List, body)
	a.list(node.List, body)
	a.list(node.ElseList, within.inner(in.dot))
}

func (a *analysis) call(node *parse.TemplateNode, in *scope) {
	value := places{}
	if node.Pipe != nil {
		value = a.pipe(node.Pipe, in)
	}
	id, _ := json.Marshal([]any{node.Name, value})
	called := a.of.Lookup(node.Name)
	if a.seen[string(id)] || called == nil || called.Tree == nil {
		return
	}
	if a.within[node.Name] {
		// It calls itself, who knows how deep.
		a.uses(value)
		return
	}
	a.seen[string(id)], a.within[node.Name] = true, true
	a.list(called.Tree.Root, newScope(value))
	delete(a.within, node.Name)
}
