package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Load returns the defaults, changed by the file at path and then by the environment, which env looks up as
// os.LookupEnv does. An empty path reads no file. Secrets may also stand in files that a key ending in _file names. The
// error, if any, is an Errors that lists every mistake.
func Load(path string, env func(string) (string, bool)) (Config, error) {
	c := Default()
	l := loader{keys: keys(&c), from: map[string]string{}}
	if path != "" {
		l.file(path)
	}
	l.environment(env)
	l.secretFiles(&c)
	if len(l.errs) == 0 {
		l.check(&c)
	}
	if len(l.errs) > 0 {
		return Config{}, l.errs
	}
	return c, nil
}

// A loader gathers the settings and the mistakes in them.
type loader struct {
	keys []key
	from map[string]string // where each key was set
	errs Errors
}

func (l *loader) file(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			l.errs.add(path, "", "there is no such file: copy config.example.yaml there, or leave the path out")
			return
		}
		l.errs.add(path, "", "read the file: %v", err)
		return
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc, yaml.WithUniqueKeys(false)); err != nil {
		l.syntax(path, data, err)
		return
	}
	root := &doc
	if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
		root = root.Content[0]
	}
	if root.Kind == 0 || root.Tag == "!!null" {
		return
	}
	l.mapping(path, "", root)
}

// syntax reports what the parser could not read. An empty file is not a mistake.
func (l *loader) syntax(path string, data []byte, err error) {
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case strings.TrimSpace(withoutComments(data)) == "":
	case errors.As(err, &several):
		for _, e := range several.Errors {
			l.errs.add(fmt.Sprintf("%s:%d", path, e.Mark.Line), "", "%s", e.Message)
		}
	case errors.As(err, &one):
		l.errs.add(fmt.Sprintf("%s:%d", path, max(1, one.Mark.Line)), "", "%s", one.Message)
	default:
		l.errs.add(path, "", "%v", err)
	}
}

func withoutComments(data []byte) string {
	var out []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// mapping reads the keys of one level. Prefix is empty or ends with a dot.
func (l *loader) mapping(path, prefix string, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		l.errs.add(at(path, n), strings.TrimSuffix(prefix, "."), "write keys here, one to a line, each with a colon")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		name := prefix + k.Value
		if line, twice := seen[name]; twice {
			l.errs.add(at(path, k), name, "the key stands in line %d already: delete one", line)
			continue
		}
		seen[name] = k.Line
		if v.Kind == yaml.AliasNode {
			v = v.Alias
		}
		l.entry(path, name, k, v)
	}
}

func (l *loader) entry(path, name string, k, v *yaml.Node) {
	i := slices.IndexFunc(l.keys, func(x key) bool { return x.name == name })
	switch {
	case v.Kind == yaml.ScalarNode && v.Tag == "!!null" && (i >= 0 || l.isSection(name)):
		// An empty key leaves the default.
	case i >= 0:
		l.set(l.keys[i], at(path, v), v)
	case l.isSection(name):
		l.mapping(path, name+".", v)
	default:
		l.errs.add(at(path, k), name, "there is no such key%s", l.suggest(name))
	}
}

func (l *loader) isSection(name string) bool {
	return slices.ContainsFunc(l.keys, func(k key) bool { return strings.HasPrefix(k.name, name+".") })
}

func at(path string, n *yaml.Node) string { return fmt.Sprintf("%s:%d", path, n.Line) }

func (l *loader) set(k key, where string, n *yaml.Node) {
	if err := k.set(n); err != nil {
		l.errs.add(where, k.name, "%v; write %s", err, k.allowed)
		return
	}
	l.from[k.name] = where
}

// environment reads the variables of every key. The long name wins over the short one.
func (l *loader) environment(env func(string) (string, bool)) {
	for _, k := range l.keys {
		name := k.env()
		s, ok := env(name)
		if !ok && k.short != "" {
			name = k.short
			s, ok = env(name)
		}
		if !ok || s == "" {
			continue
		}
		n := &yaml.Node{Kind: yaml.ScalarNode, Value: s}
		if s[0] == '{' || s[0] == '[' {
			var doc yaml.Node
			if yaml.Load([]byte(s), &doc) == nil && len(doc.Content) == 1 {
				n = doc.Content[0]
			}
		}
		l.set(k, name, n)
	}
}

// secretFiles reads each secret that a file holds, unless the secret itself was set at the same place or later.
func (l *loader) secretFiles(c *Config) {
	for _, p := range []struct {
		name, file string
		dst        *Secret
	}{
		{"store.url", c.Store.URLFile, &c.Store.URL},
		{"discord.token", c.Discord.TokenFile, &c.Discord.Token},
		{"telegram.token", c.Telegram.TokenFile, &c.Telegram.Token},
		{"telegram.webhook.secret", c.Telegram.Webhook.SecretFile, &c.Telegram.Webhook.Secret},
	} {
		if p.file == "" {
			continue
		}
		where, own := l.from[p.name+"_file"], l.from[p.name]
		switch {
		case own != "" && isEnv(own) == isEnv(where):
			l.errs.add(where, p.name+"_file", "%s is set as well: keep one of the two", p.name)
		case isEnv(own): // the environment wins over the file
		default:
			l.readSecret(p.name, p.file, where)
		}
	}
}

// isEnv reports whether a place is an environment variable. Only places in files have a colon.
func isEnv(where string) bool { return where != "" && !strings.Contains(where, ":") }

func (l *loader) readSecret(name, file, where string) {
	const most = 4096
	data, err := os.ReadFile(file)
	s := strings.TrimSpace(string(data))
	switch {
	case err != nil:
		l.errs.add(where, name+"_file", "read the secret: %v", err)
	case s == "":
		l.errs.add(where, name+"_file", "%s is empty: put the secret there, alone", file)
	case len(s) > most:
		l.errs.add(where, name+"_file", "%s is longer than %d bytes: put the secret there, alone", file, most)
	default:
		i := slices.IndexFunc(l.keys, func(k key) bool { return k.name == name })
		l.set(l.keys[i], filepath.Clean(file)+":1", &yaml.Node{Kind: yaml.ScalarNode, Value: s})
	}
}
