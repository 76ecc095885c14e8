package discordtest

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// specFile is Discord's own description of its interface, beside the module.
const specFile = "shared/spec/discord-openapi.json"

// loadSpec returns Discord's OpenAPI file, or nil where it is absent.
var loadSpec = sync.OnceValues(func() (*openapi3.T, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		raw, err := os.ReadFile(filepath.Join(dir, specFile))
		if err == nil {
			return openapi3.NewLoader().LoadFromData(raw)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil, nil
		}
		dir = up
	}
})

// checkRecorded checks each shape of request, and each success answer, once.
func (s *Server) checkRecorded() {
	doc, err := loadSpec()
	if err != nil {
		s.tb.Errorf("discordtest: load OpenAPI file: %v", err)
	}
	if doc == nil || err != nil {
		return
	}
	seen := map[string]bool{}
	for _, r := range s.Requests(nil) {
		path, op := findOperation(doc, r)
		if op == nil {
			s.broke("%s %s: Discord's OpenAPI file has no such route", r.Method, r.Path)
			continue
		}
		key := r.Method + path + shape(r.Body)
		if !seen[key] && op.RequestBody != nil && len(r.Body) > 0 {
			seen[key] = true
			if err := visit(op.RequestBody.Value.Content["application/json"], r.Body); err != nil {
				s.broke("%s %s: %v\n%.300s", r.Method, path, err, r.Body)
			}
		}
		key = "reply" + r.Method + path + shape(r.Reply)
		if resp := op.Responses.Status(r.Status); !seen[key] && resp != nil && r.Status < 300 && len(r.Reply) > 0 {
			seen[key] = true
			if err := visit(resp.Value.Content["application/json"], r.Reply); err != nil {
				s.tb.Errorf("discordtest: the answer of the fake to %s %s is wrong: %v\n%.300s", r.Method, path, err, r.Reply)
			}
		}
	}
}

func visit(media *openapi3.MediaType, raw []byte) error {
	var v any
	if media == nil || media.Schema == nil {
		return nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	return media.Schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020())
}

// findOperation returns the template of a request's path and its operation. Fixed parts win over parameters.
func findOperation(doc *openapi3.T, r Request) (string, *openapi3.Operation) {
	parts := strings.Split(strings.Trim(r.Path, "/"), "/")
	var best string
	for path := range doc.Paths.Map() {
		if matches(strings.Split(strings.Trim(path, "/"), "/"), parts) && (best == "" || strings.Count(path, "{") < strings.Count(best, "{")) {
			best = path
		}
	}
	if best == "" || !slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, r.Method) {
		return best, nil
	}
	return best, doc.Paths.Value(best).GetOperation(r.Method)
}

func matches(template, parts []string) bool {
	if len(template) != len(parts) {
		return false
	}
	for i, t := range template {
		if t != parts[i] && !strings.HasPrefix(t, "{") {
			return false
		}
	}
	return true
}

// shape names the keys of a JSON text, so that requests of one form are checked once.
func shape(raw []byte) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	set := map[string]bool{}
	collect(v, "", set)
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return strings.Join(keys, " ")
}

func collect(v any, path string, set map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			collect(e, path+"."+k, set)
		}
	case []any:
		for _, e := range x {
			collect(e, path+"[]", set)
		}
	case nil:
		set[path+"=null"] = true
	case float64:
		if strings.HasSuffix(path, "type") || strings.HasSuffix(path, "style") {
			b, _ := json.Marshal(x)
			path += "=" + string(b)
		}
		set[path] = true
	default:
		set[path] = true
	}
}
