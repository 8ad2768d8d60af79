package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// fasit's own functions; they win over Sprig's of the same name. What they say of nais/fasit's docs/feature.md holds here.
var fasit = template.FuncMap{
	"b64enc":            b64enc,
	"eachOf":            eachOf,
	"environmentsAsMap": environmentsAsMap,
	"exclude":           exclude,
	"filter":            filter,
	"fromJSON":          fromJSON,
	"join":              join,
	"mapJoin":           mapJoin,
	"mapOf":             mapOf,
	"prefixedValues":    prefixedValues,
	"quote":             quote,
	"replace":           strings.ReplaceAll,
	"subdomain":         subdomain,
	"toJSON":            toJSON,
	"toYAML":            toYAML,
}

func b64enc(value any) (string, error) {
	text, err := textOrNothing("b64enc", value)
	return base64.StdEncoding.EncodeToString([]byte(text)), err
}

func quote(value any) (string, error) {
	if value == nil {
		return "", nil
	}
	text, err := textOrNothing("quote", value)
	return strconv.Quote(text), err
}

func eachOf(list any, key string) ([]any, error) {
	maps, err := mapsOf("eachOf", list)
	found := []any{}
	for _, one := range maps {
		if value, ok := one[key]; ok {
			found = append(found, value)
		}
	}
	return found, err
}

func environmentsAsMap(keys string, list any) (map[string]any, error) {
	maps, err := mapsOf("environmentsAsMap", list)
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, one := range maps {
		name, ok := one["name"].(string)
		if !ok || name == "" {
			return nil, plain("environmentsAsMap: one of the list has no name")
		}
		kept := map[string]any{}
		for _, key := range strings.Split(keys, ",") {
			if value, ok := one[strings.TrimSpace(key)]; ok {
				kept[strings.TrimSpace(key)] = value
			}
		}
		found[name] = kept
	}
	return found, nil
}

func filter(key string, wanted, list any) ([]any, error) {
	return chosen("filter", key, list, func(value any) bool { return same(value, wanted) })
}

func exclude(key string, unwanted, list any) ([]any, error) {
	return chosen("exclude", key, list, func(value any) bool { return !same(value, unwanted) })
}

func chosen(name, key string, list any, wanted func(any) bool) ([]any, error) {
	maps, err := mapsOf(name, list)
	found := []any{}
	for _, one := range maps {
		if wanted(one[key]) {
			found = append(found, one)
		}
	}
	return found, err
}

func same(one, other any) bool {
	return reflect.DeepEqual(one, other)
}

func fromJSON(text string) (map[string]any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var found map[string]any
	if err := decoder.Decode(&found); err != nil || found == nil {
		return nil, plain("fromJSON needs the JSON of an object")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, plain("fromJSON: there is more after the object")
	}
	return freshMap(found), nil
}

func join(separator string, list any) (string, error) {
	items, err := listOf("join", list)
	if err != nil {
		return "", err
	}
	if i := holeIn(items); i >= 0 {
		return "", plain(fmt.Sprintf("join: item %d of the list has no value", i+1))
	}
	texts := make([]string, len(items))
	for i, one := range items {
		texts[i] = fmt.Sprint(one)
	}
	return strings.Join(texts, separator), nil
}

func mapJoin(separator string, value any) ([]string, error) {
	from, err := mapFrom("mapJoin", value)
	if err != nil {
		return nil, err
	}
	joined := []string{}
	for _, key := range sortedKeys(from) {
		if from[key] == nil || hasHole(from[key]) {
			return nil, plain(fmt.Sprintf("mapJoin: %q has no value", short(key)))
		}
		joined = append(joined, key+separator+fmt.Sprint(from[key]))
	}
	return joined, nil
}

func mapOf(key, valueKey string, list any) (map[string]any, error) {
	maps, err := mapsOf("mapOf", list)
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, one := range maps {
		name, hasName := one[key]
		value, hasValue := one[valueKey]
		if !hasName || !hasValue {
			continue
		}
		text, ok := name.(string)
		if !ok {
			return nil, plain(fmt.Sprintf("mapOf: %q is no text in one of the list", short(key)))
		}
		found[text] = value
	}
	return found, nil
}

func prefixedValues(value any, prefix string) ([]any, error) {
	from, err := mapFrom("prefixedValues", value)
	found := []any{}
	for _, key := range sortedKeys(from) {
		if strings.HasPrefix(key, prefix) {
			found = append(found, from[key])
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return fmt.Sprint(found[i]) < fmt.Sprint(found[j]) })
	return found, err
}

func subdomain(context any, name string) (string, error) {
	data, ok := context.(*root)
	if !ok {
		return "", plain("subdomain needs the whole of what a template sees: subdomain $ \"name\"")
	}
	if data.Tenant.Name == "" {
		return "", plain("subdomain: the environment has no tenant")
	}
	domain := data.Tenant.Name + ".cloud.nais.io"
	if data.Kind != "management" {
		environment, ok := data.Env["name"].(string)
		if !ok || environment == "" {
			return "", plain("subdomain: the environment has no name")
		}
		domain = environment + "." + domain
	}
	return name + "." + domain, nil
}

func toJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", plain("toJSON cannot write this")
	}
	return string(text), nil
}

func toYAML(value any) (string, error) {
	text, err := yaml.Marshal(value)
	if err != nil {
		return "", plain("toYAML cannot write this")
	}
	return string(text), nil
}
