package knowledge

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func articleOf(texts ...string) []*Article {
	a := &Article{ID: "a", Title: "Gardens", Language: "en"}
	for i, t := range texts {
		id := string(rune('a' + i))
		a.Sections = append(a.Sections, &Section{Ref: Ref{"a", id}, Article: a, Heading: "Part " + id, Text: t, Ask: []string{"Which garden of " + id + "?"}})
	}
	return []*Article{a}
}

func open(t *testing.T, path string, articles []*Article) (*Base, string) {
	t.Helper()
	var log bytes.Buffer
	b, err := New(articles, Options{Cache: path, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return b, log.String()
}

func vectorsOf(b *Base) vectors {
	v := *b.now.Load().search.vectors
	v.enc = nil
	return v
}

func TestCache(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "vectors")
	long := strings.Repeat("Water the tomatoes at noon, and never their leaves, said the man. ", 40)
	texts := articleOf("Water the plants every day.", "Sow in spring.", long)
	first, _ := open(t, path, texts)
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(written), "plants") {
		t.Error("the file holds text")
	}
	again, log := open(t, path, texts)
	if !reflect.DeepEqual(vectorsOf(first), vectorsOf(again)) {
		t.Error("kept vectors differ from computed ones")
	}
	if strings.Contains(log, "WARN") {
		t.Error(log)
	}
	kept, err := openCache(path, first.now.Load().search.vectors.enc.Sum())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := kept.get("Which garden of a?", true); !ok {
		t.Error("an example question was not kept")
	}
	if other, err := openCache(path, 7); err != nil || len(other.entries) > 0 {
		t.Errorf("vectors of another model: %d, %v", len(other.entries), err)
	}
}

func TestCacheGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	open(t, path, articleOf("Water the plants every day."))
	b, _ := open(t, path, articleOf("Sow in spring."))
	kept, err := openCache(path, b.now.Load().search.vectors.enc.Sum())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Part a. Water the plants every day.", "Part a. Sow in spring."} {
		if _, ok := kept.get(s, true); !ok {
			t.Errorf("%q is lost", s)
		}
	}
}

func TestCacheDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectors")
	texts := articleOf("Water the plants every day.")
	b, _ := open(t, path, texts)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, data := range map[string][]byte{"empty": {}, "cut": good[:len(good)-9], "flipped": flipped, "other": []byte("something else altogether, long enough")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		again, log := open(t, path, texts)
		if !reflect.DeepEqual(vectorsOf(b), vectorsOf(again)) {
			t.Errorf("%s: other vectors", name)
		}
		if !strings.Contains(log, "vectors not kept") {
			t.Errorf("%s: no warning", name)
		}
		if now, _ := os.ReadFile(path); !bytes.Equal(now, good) {
			t.Errorf("%s: not written again", name)
		}
	}
}

func TestCacheInNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if b, log := open(t, filepath.Join(file, "vectors"), articleOf("Water.")); b.Find("water").Verdict == None && !strings.Contains(log, "vectors not kept") {
		t.Errorf("an impossible folder: %s", log)
	}
}
