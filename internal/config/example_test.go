package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

const examplePath = "../../config.example.yaml"

func noEnv(string) (string, bool) { return "", false }

func readExample(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(examplePath)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestExampleChangesNothing(t *testing.T) {
	got, err := Load(examplePath, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, Default()) {
		t.Errorf("the example as it stands gives\n%+v", got)
	}
}

var commented = regexp.MustCompile(`(?m)^( *)#([a-z_]+:)`)

func TestExampleDefaultsAreTheRealOnes(t *testing.T) {
	open := commented.ReplaceAllString(readExample(t), "$1$2")
	path := filepath.Join(t.TempDir(), "open.yaml")
	if err := os.WriteFile(path, []byte(open), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Articles.Dirs = got.Articles.Dirs
	if len(got.Articles.Dirs) != 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("the defaults shown give\n%+v\nwant\n%+v", got, want)
	}
	// Secrets do not compare by what %+v prints, so a default that differs shows only here.
	if got.Store.URL.Reveal() != want.Store.URL.Reveal() {
		t.Errorf("store.url is shown as %q", got.Store.URL.Reveal())
	}
}

// exampleKeys returns each key of the example with the comment above it.
func exampleKeys(text string) map[string]string {
	line := regexp.MustCompile(`^( *)#?([a-z_]+):`)
	found := map[string]string{}
	var path []string
	var comment strings.Builder
	for s := range strings.Lines(text) {
		m := line.FindStringSubmatch(s)
		if m == nil {
			comment.WriteString(strings.TrimLeft(strings.TrimSpace(s), "# ") + " ")
			continue
		}
		depth := len(m[1]) / 2
		path = append(path[:depth], m[2])
		found[strings.Join(path, ".")] = comment.String()
		comment.Reset()
	}
	return found
}

func TestExampleDocumentsEveryKey(t *testing.T) {
	c := Default()
	documented := exampleKeys(readExample(t))
	groups := map[string]bool{}
	for _, k := range keys(&c) {
		for i, r := range k.name {
			if r == '.' {
				groups[k.name[:i]] = true
			}
		}
		comment, ok := documented[k.name]
		if !ok {
			t.Errorf("config.example.yaml lacks %s", k.name)
		} else if !strings.Contains(comment, k.allowed) {
			t.Errorf("config.example.yaml does not say of %s what is allowed: %s\nbut: %s", k.name, k.allowed, comment)
		}
		delete(documented, k.name)
	}
	for name := range documented {
		if !groups[name] {
			t.Errorf("config.example.yaml documents %s, which is no key", name)
		}
	}
}

// TestEveryFieldHasAKey walks the struct: a field that no key sets could never be configured.
func TestEveryFieldHasAKey(t *testing.T) {
	var c Config
	byField := map[any]string{}
	for _, k := range keys(&c) {
		if other, twice := byField[k.dst]; twice {
			t.Errorf("%s and %s set the same field", k.name, other)
		}
		byField[k.dst] = k.name
	}
	fields := 0
	var walk func(v reflect.Value, name string)
	walk = func(v reflect.Value, name string) {
		leaf := v.Type() == reflect.TypeFor[Secret]() || v.Type() == reflect.TypeFor[ShardRange]()
		if v.Kind() == reflect.Struct && !leaf {
			if v.NumField() > 13 {
				t.Errorf("%s has %d fields: split it", name, v.NumField())
			}
			for i := range v.NumField() {
				walk(v.Field(i), name+"."+v.Type().Field(i).Name)
			}
			return
		}
		fields++
		k, ok := byField[v.Addr().Interface()]
		if want := snake(name); !ok || k != want {
			t.Errorf("field %s has the key %q, want %q", name, k, want)
		}
	}
	walk(reflect.ValueOf(&c).Elem(), "")
	if fields != len(keys(&c)) {
		t.Errorf("%d fields, %d keys", fields, len(keys(&c)))
	}
}

// snake turns ".Discord.APIURL" into "discord.api_url".
func snake(name string) string {
	name = strings.NewReplacer("APIURL", "ApiUrl", "URL", "Url", "ID", "Id").Replace(name)
	s := regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "${1}_${2}")
	return strings.TrimPrefix(strings.ToLower(s), ".")
}
