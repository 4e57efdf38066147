// Turns the simple test files of cel.dev/expr into JSON, one case a line: cel FOLDER NAME...
package main

import (
	"fmt"
	"os"
	"path/filepath"

	_ "cel.dev/expr/conformance/proto2"
	_ "cel.dev/expr/conformance/proto3"
	"cel.dev/expr/conformance/test"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
)

func main() {
	for _, name := range os.Args[2:] {
		text, err := os.ReadFile(filepath.Join(os.Args[1], name+".textproto"))
		if err != nil {
			panic(err)
		}
		var file test.SimpleTestFile
		if err := prototext.Unmarshal(text, &file); err != nil {
			panic(err)
		}
		for _, section := range file.Section {
			for _, one := range section.Test {
				one.Name = name + "/" + section.Name + "/" + one.Name
				line, err := protojson.MarshalOptions{}.Marshal(one)
				if err != nil {
					panic(err)
				}
				fmt.Println(string(line))
			}
		}
	}
}
