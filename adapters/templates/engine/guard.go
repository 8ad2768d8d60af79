package main

import (
	"fmt"
	"reflect"
	"strconv"
	"text/template/parse"
)

const guardName = "fairleadGuard"

// guardOutput has every action whose outcome is printed end in `… | fairleadGuard "its text"`: Go prints `<no value>` and
// `<nil>` for what is not there, which would become a value that nobody wrote.
func guardOutput(tree *parse.Tree) {
	visit(tree.Root, func(node parse.Node) {
		action, ok := node.(*parse.ActionNode)
		if !ok || len(action.Pipe.Decl) > 0 {
			return
		}
		text := action.Pipe.String()
		action.Pipe.Cmds = append(action.Pipe.Cmds, &parse.CommandNode{
			NodeType: parse.NodeCommand,
			Pos:      action.Pos,
			Args: []parse.Node{
				parse.NewIdentifier(guardName).SetTree(tree).SetPos(action.Pos),
				&parse.StringNode{NodeType: parse.NodeString, Pos: action.Pos, Quoted: strconv.Quote(text), Text: text},
			},
		})
	})
}

func guard(text string, value any) (any, error) {
	if value == nil {
		return nil, plain(fmt.Sprintf("%s has no value here: use `default`, `with` or `if` where it may be missing", short(text)))
	}
	switch value.(type) {
	case root, *root, tenant, *tenant:
		return nil, plain(fmt.Sprintf("%s is no value: name one of those in it, or put it out with toJSON", short(text)))
	}
	if hasHole(value) {
		return nil, plain(fmt.Sprintf("%s holds something that has no value: put it out with toJSON or toYAML", short(text)))
	}
	return value, nil
}

func hasHole(value any) bool {
	of := reflect.ValueOf(value)
	switch of.Kind() {
	case reflect.Map:
		for each := of.MapRange(); each.Next(); {
			if inside := each.Value().Interface(); inside == nil || hasHole(inside) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range of.Len() {
			if inside := of.Index(i).Interface(); inside == nil || hasHole(inside) {
				return true
			}
		}
	}
	return false
}

func short(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// visit calls back for every node below and including this one, parents first.
func visit(node parse.Node, call func(parse.Node)) {
	if node == nil || reflect.ValueOf(node).IsNil() {
		return
	}
	call(node)
	branch := func(of *parse.BranchNode) {
		visit(of.Pipe, call)
		visit(of.List, call)
		visit(of.ElseList, call)
	}
	switch node := node.(type) {
	case *parse.ListNode:
		for _, one := range node.Nodes {
			visit(one, call)
		}
	case *parse.ActionNode:
		visit(node.Pipe, call)
	case *parse.PipeNode:
		for _, one := range node.Cmds {
			visit(one, call)
		}
	case *parse.CommandNode:
		for _, one := range node.Args {
			visit(one, call)
		}
	case *parse.ChainNode:
		visit(node.Node, call)
	case *parse.IfNode:
		branch(&node.BranchNode)
	case *parse.RangeNode:
		branch(&node.BranchNode)
	case *parse.WithNode:
		branch(&node.BranchNode)
	case *parse.TemplateNode:
		visit(node.Pipe, call)
	}
}
