package main

import (
	"bytes"
	"encoding/json"
)

// root is what a template sees. It is a struct, as fasit's is: a name that is not there is an error and not an empty place.
type root struct {
	Kind       string
	Tenant     tenant
	Management map[string]any
	Env        map[string]any
	Envs       []any
	Configs    map[string]any
}

type tenant struct{ Name string }

// Whole numbers become int, as they are in templates: `eq .Env.replicas 3` holds, and 1000000 is not printed as 1e+06.
func decode(text []byte, into *root) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	*into = fresh(*into)
	return nil
}

// fresh is a copy that shares nothing: Sprig's `set` and `unset` change what they are given.
func fresh(data root) root {
	data.Management = freshMap(data.Management)
	data.Env = freshMap(data.Env)
	data.Configs = freshMap(data.Configs)
	envs := make([]any, len(data.Envs))
	for i, env := range data.Envs {
		envs[i] = freshValue(env)
	}
	data.Envs = envs
	return data
}

func freshMap(from map[string]any) map[string]any {
	to := make(map[string]any, len(from))
	for key, value := range from {
		to[key] = freshValue(value)
	}
	return to
}

func freshValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return freshMap(value)
	case []any:
		to := make([]any, len(value))
		for i, one := range value {
			to[i] = freshValue(one)
		}
		return to
	case json.Number:
		return number(value)
	default:
		return value
	}
}

func number(text json.Number) any {
	if whole, err := text.Int64(); err == nil {
		return int(whole)
	}
	if float, err := text.Float64(); err == nil {
		return float
	}
	return text.String()
}
