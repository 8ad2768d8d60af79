package main

import (
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"sort"
	"strings"
	"text/template"
	"time"
	_ "time/tzdata" // the module has no files to find zones in

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
	all["b64dec"] = decoding("b64dec", base64.StdEncoding.DecodeString)
	all["b32dec"] = decoding("b32dec", base32.StdEncoding.DecodeString)
	all["date"] = func(layout string, of any) (string, error) { return dateIn("date", layout, of, "UTC") }
	all["htmlDate"] = func(of any) (string, error) { return dateIn("htmlDate", time.DateOnly, of, "UTC") }
	all["htmlDateInZone"] = func(of any, zone string) (string, error) {
		return dateIn("htmlDateInZone", time.DateOnly, of, zone)
	}
	for _, name := range []string{"dateInZone", "date_in_zone"} {
		all[name] = func(layout string, of any, zone string) (string, error) { return dateIn(name, layout, of, zone) }
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

// decoding is an error where Sprig's answer is the text of the error.
func decoding(name string, decode func(string) ([]byte, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		decoded, err := decode(text)
		if err != nil {
			return "", plain(name + " was given something that is not encoded so")
		}
		return string(decoded), nil
	}
}

// dateIn refuses what Sprig takes the present moment for, and zones that it takes for UTC.
func dateIn(name, layout string, of any, zone string) (string, error) {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return "", plain(name + " does not know this time zone")
	}
	var moment time.Time
	switch of := of.(type) {
	case time.Time:
		moment = of
	case *time.Time:
		moment = *of
	case int:
		moment = time.Unix(int64(of), 0)
	case int64:
		moment = time.Unix(of, 0)
	case int32:
		moment = time.Unix(int64(of), 0)
	default:
		return "", plain(name + " needs a time or seconds since 1970; without one it gives another value each time")
	}
	return moment.In(where).Format(layout), nil
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
