package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// functions is all that a template can call beside Go's own.
var functions = func() template.FuncMap {
	all := sprig.TxtFuncMap()
	for name := range gone {
		delete(all, name)
	}
	guardSprig(all)
	for name, own := range fasit {
		all[name] = own
	}
	return all
}()

// guardSprig changes what of Sprig's and Go's would answer something else each time, or put `<nil>` into a text.
func guardSprig(all template.FuncMap) {
	all["keys"] = sortedKeys
	all["values"] = sortedValues
	for _, name := range []string{"date", "htmlDate"} {
		all[name] = timed(name, all[name])
	}
	for _, name := range []string{"dateInZone", "date_in_zone", "htmlDateInZone"} {
		all[name] = timed(name, all[name])
	}
	all["durationRound"] = durationRound(all["durationRound"].(func(any) string))
	all["toString"] = wholly("toString", all["toString"].(func(any) string))
	all["printf"] = printf
	all["print"] = printing("print", fmt.Sprint)
	all["println"] = printing("println", fmt.Sprintln)
	all["html"] = printing("html", template.HTMLEscaper)
	all["js"] = printing("js", template.JSEscaper)
	all["urlquery"] = printing("urlquery", template.URLQueryEscaper)
}

// Sprig's answer in whatever order the map has.
func sortedKeys(maps ...map[string]any) []string {
	keys := []string{}
	for _, one := range maps {
		for key := range one {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

func sortedValues(from map[string]any) []any {
	values := []any{}
	for _, key := range sortedKeys(from) {
		values = append(values, from[key])
	}
	return values
}

// timed refuses what Sprig takes the present moment for.
func timed(name string, sprigs any) any {
	call := reflect.ValueOf(sprigs)
	check := func(of any) error {
		switch of.(type) {
		case time.Time, *time.Time, int64, int, int32:
			return nil
		default:
			return plain(fmt.Sprintf("%s needs a time or seconds since 1970; without one it gives another value each time", name))
		}
	}
	run := func(args ...any) (string, error) {
		in := make([]reflect.Value, len(args))
		for i := range args {
			in[i] = reflect.ValueOf(&args[i]).Elem()
			if in[i].Elem().IsValid() && call.Type().In(i).Kind() == reflect.String {
				in[i] = in[i].Elem()
			}
		}
		return call.Call(in)[0].String(), nil
	}
	switch name {
	case "htmlDate":
		return func(of any) (string, error) {
			if err := check(of); err != nil {
				return "", err
			}
			return run(of)
		}
	case "date":
		return func(layout string, of any) (string, error) {
			if err := check(of); err != nil {
				return "", err
			}
			return run(layout, of)
		}
	case "htmlDateInZone":
		return func(of any, zone string) (string, error) {
			if err := check(of); err != nil {
				return "", err
			}
			return run(of, zone)
		}
	default:
		return func(layout string, of any, zone string) (string, error) {
			if err := check(of); err != nil {
				return "", err
			}
			return run(layout, of, zone)
		}
	}
}

func durationRound(sprigs func(any) string) func(any) (string, error) {
	return func(of any) (string, error) {
		if _, moment := of.(time.Time); moment {
			return "", plain("durationRound of a time gives another value each time: give it a duration")
		}
		return sprigs(of), nil
	}
}

func wholly(name string, sprigs func(any) string) func(any) (string, error) {
	return func(of any) (string, error) {
		if of == nil {
			return "", plain(name + " was given something that has no value")
		}
		return sprigs(of), nil
	}
}

func printing(name string, goes func(...any) string) func(...any) (string, error) {
	return func(args ...any) (string, error) {
		if err := noHoles(name, args); err != nil {
			return "", err
		}
		return goes(args...), nil
	}
}

// printf is Go's; a format that does not fit is an error, where Go writes `%!d(string=…)` into the text.
func printf(format string, args ...any) (string, error) {
	if err := noHoles("printf", args); err != nil {
		return "", err
	}
	text := fmt.Sprintf(format, args...)
	if strings.Count(text, "%!") > strings.Count(fmt.Sprint(args...), "%!") {
		return "", plain("printf: the format does not fit what it was given")
	}
	return text, nil
}

func noHoles(name string, args []any) error {
	for i, one := range args {
		if one == nil || hasHole(one) {
			return plain(fmt.Sprintf("%s: argument %d has no value", name, i+1))
		}
	}
	return nil
}
