package main

import (
	"fmt"
	"reflect"
)

// What functions were given, read as what they need; the errors name kinds and never values.

func textOrNothing(name string, value any) (string, error) {
	if value == nil {
		return "", nil
	}
	text, ok := value.(string)
	if !ok {
		return "", plain(fmt.Sprintf("%s needs a text, and not a %s: write `toString` before it", name, kindOf(value)))
	}
	return text, nil
}

func listOf(name string, value any) ([]any, error) {
	of := reflect.ValueOf(value)
	if kind := of.Kind(); kind != reflect.Slice && kind != reflect.Array {
		return nil, plain(fmt.Sprintf("%s needs a list, and not a %s", name, kindOf(value)))
	}
	items := make([]any, of.Len())
	for i := range items {
		items[i] = of.Index(i).Interface()
	}
	return items, nil
}

func mapsOf(name string, value any) ([]map[string]any, error) {
	items, err := listOf(name, value)
	if err != nil {
		return nil, err
	}
	maps := make([]map[string]any, len(items))
	for i, one := range items {
		if maps[i], err = mapFrom(name+": item "+fmt.Sprint(i+1)+" of the list", one); err != nil {
			return nil, err
		}
	}
	return maps, nil
}

func mapFrom(name string, value any) (map[string]any, error) {
	if same, ok := value.(map[string]any); ok && same != nil {
		return same, nil
	}
	of := reflect.ValueOf(value)
	if of.Kind() != reflect.Map || of.Type().Key().Kind() != reflect.String {
		return nil, plain(fmt.Sprintf("%s needs a map, and not a %s", name, kindOf(value)))
	}
	copied := make(map[string]any, of.Len())
	for each := of.MapRange(); each.Next(); {
		copied[each.Key().String()] = each.Value().Interface()
	}
	return copied, nil
}

func holeIn(items []any) int {
	for i, one := range items {
		if one == nil || hasHole(one) {
			return i
		}
	}
	return -1
}

func kindOf(value any) string {
	if value == nil {
		return "missing value"
	}
	switch reflect.ValueOf(value).Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "truth value"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Map:
		return "map"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	default:
		return "thing of another kind"
	}
}
