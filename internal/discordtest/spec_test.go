package discordtest

import (
	"strings"
	"testing"
)

// TestOpenAPI shows that recorded requests and answers are held against Discord's OpenAPI file: what it forbids is found.
func TestOpenAPI(t *testing.T) {
	doc, err := loadSpec()
	if err != nil {
		t.Fatal(err)
	}
	if doc == nil {
		t.Skip("Discord's OpenAPI file is not there: put it at " + specFile + " beside the module; until then requests are held against the fake's own rules only")
	}
	for _, test := range []struct {
		method, path, body string
		good               bool
	}{
		{"POST", "/channels/1/messages", `{"content":"x","allowed_mentions":{"parse":[]}}`, true},
		{"POST", "/channels/1/messages", `{"content":"` + strings.Repeat("x", 4001) + `"}`, false},
		{"POST", "/interactions/1/t/callback", `{"type":8,"data":{"choices":[]}}`, true},
		{"POST", "/interactions/1/t/callback", `{"type":8,"data":{"choices":[` + strings.Repeat(`{"name":"x","value":"x"},`, 25) + `{"name":"x","value":"x"}]}}`, false},
		{"POST", "/interactions/1/t/callback", `{"type":4,"data":{"components":[{"type":2,"style":1,"label":"x","custom_id":"` + strings.Repeat("x", 101) + `"}]}}`, false},
	} {
		path, op := findOperation(doc, Request{Method: test.method, Path: test.path})
		if op == nil {
			t.Fatalf("%s is not in the file", test.path)
		}
		if err := visit(op.RequestBody.Value.Content["application/json"], []byte(test.body)); (err == nil) != test.good {
			t.Errorf("%s %.80s: %v", path, test.body, err)
		}
	}
	_, op := findOperation(doc, Request{Method: "POST", Path: "/channels/1/messages"})
	if visit(op.Responses.Status(200).Value.Content["application/json"], []byte(`{"id":"1"}`)) == nil {
		t.Error("a message with nothing but an id passes as an answer")
	}
}
