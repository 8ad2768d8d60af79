// The template engine: Go's own text/template with Sprig's functions and fasit's, compiled to WebAssembly.
// It reads jobs from stdin, one line of JSON each, and answers one line a template to stdout, as soon as it is done.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"runtime/debug"
)

type source struct {
	Key      string `json:"key"`
	Template string `json:"template"`
}

type job struct {
	Mode      string          `json:"mode"`
	Data      json.RawMessage `json:"data"`
	Templates []source        `json:"templates"`
}

// answer is `RenderedTemplate` or `ParsedTemplate` of domain/values/ports.ts.
type answer struct {
	Key       string     `json:"key"`
	OK        bool       `json:"ok"`
	Text      *string    `json:"text,omitempty"`
	Reads     [][]string `json:"reads,omitempty"`
	Functions []string   `json:"functions,omitempty"`
	Code      string     `json:"code,omitempty"`
	Because   string     `json:"because,omitempty"`
}

// Below the module's maximum, so that garbage is collected before memory is refused.
const softLimit = 192 << 20

func main() {
	debug.SetMemoryLimit(softLimit)
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), os.Stdout
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			panic(err)
		}
		work(line, out)
	}
}

func work(line []byte, out io.Writer) {
	var asked job
	if err := json.Unmarshal(line, &asked); err != nil {
		panic(err)
	}
	var data root
	if asked.Mode == "render" {
		if err := decode(asked.Data, &data); err != nil {
			panic(err)
		}
	}
	for _, one := range asked.Templates {
		var said answer
		if asked.Mode == "parse" {
			said = analyse(one)
		} else {
			said = render(one, data)
		}
		write(said, out)
	}
}

// One write a line: whoever reads sees whole answers.
func write(said answer, out io.Writer) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(said); err != nil {
		panic(err)
	}
	if _, err := out.Write(text.Bytes()); err != nil {
		panic(err)
	}
}
