package main

import (
	"fmt"
	"sort"
	"strings"
)

const (
	another = "gives another value each time: Fairlead does not have it, for a retry must come to the same; set the value in a layer or refer to a secret"
	machine = "looks at the machine that renders: Fairlead does not have it; use a value of the environment"
	derived = "makes a secret up in a template: Fairlead does not have it; refer to a secret instead"
	helms   = "belongs to the templates of the chart itself, which helm renders; templates of Feature.yaml do not have it"
)

// gone are Sprig's functions that templates do not have.
var gone = map[string]string{
	"ago": another, "now": another, "uuidv4": another, "shuffle": another,
	"randAlpha": another, "randAlphaNum": another, "randAscii": another, "randBytes": another, "randInt": another, "randNumeric": another,
	"genCA": another, "genCAWithKey": another, "genPrivateKey": another, "genSelfSignedCert": another,
	"genSelfSignedCertWithKey": another, "genSignedCert": another, "genSignedCertWithKey": another,
	"bcrypt": another, "htpasswd": another, "encryptAES": another,
	"derivePassword": derived,
	"env":            machine, "expandenv": machine, "getHostByName": machine,
}

// Of helm (https://helm.sh/docs/chart_template_guide/function_list/), which authors of charts know.
var ofHelm = map[string]bool{
	"include": true, "lookup": true, "required": true, "tpl": true, "toToml": true, "fromYaml": true, "fromYamlArray": true, "fromJsonArray": true,
}

// notThere says why a function is not known, and what to write instead.
func notThere(name string) string {
	named := fmt.Sprintf("function %q ", name)
	if why, ok := gone[name]; ok {
		return named + why
	}
	if ofHelm[name] {
		return named + helms
	}
	if close := spelledAlike(name); close != "" {
		return named + fmt.Sprintf("is not known: did you mean %q?", close)
	}
	return named + "is not known: it is none of Go's, Sprig's or fasit's"
}

func spelledAlike(name string) string {
	alike := []string{}
	for known := range functions {
		if strings.EqualFold(known, name) {
			alike = append(alike, known)
		}
	}
	sort.Strings(alike)
	return strings.Join(alike, "\" or \"")
}
