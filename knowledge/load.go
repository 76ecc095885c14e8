package knowledge

import (
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"
)

// MaxFile is the greatest size of an article's file in bytes.
const MaxFile = 16 << 20

// LoadLibrary reads the articles of one folder and its subfolders: every file whose name ends in ".md". Names that start
// with a dot are passed over, and links to folders are not followed. The error, if any, is an Errors that lists all that
// is wrong in all files.
func LoadLibrary(lib Library) ([]*Article, error) { return LoadLibraries([]Library{lib}) }

// LoadLibraries reads the articles of several folders, in their order and by path within each. The error, if any, is an
// Errors that lists all that is wrong in all files, such as an id that two articles share.
func LoadLibraries(libs []Library) ([]*Article, error) {
	var files []articleFile
	var errs Errors
	for _, lib := range libs {
		found, bad := listFiles(lib)
		files = append(files, found...)
		errs = append(errs, bad...)
	}
	if len(files) == 0 && len(errs) == 0 {
		errs = append(errs, Error{File: libraryNames(libs), Msg: "no article was found", Fix: "add a file whose name ends in .md"})
	}
	loaded := loadFiles(files)
	var articles []*Article
	for _, l := range loaded {
		errs = append(errs, l.errs...)
		if l.article != nil {
			articles = append(articles, l.article)
		}
	}
	errs = append(errs, acrossFiles(loaded)...)
	if err := errs.asError(); err != nil {
		return nil, err
	}
	return articles, nil
}

func libraryNames(libs []Library) string {
	var names []string
	for _, lib := range libs {
		if lib.Name != "" {
			names = append(names, lib.Name)
		}
	}
	if len(names) == 0 {
		return "articles"
	}
	return strings.Join(names, ", ")
}

// An articleFile is a file that should hold an article.
type articleFile struct {
	lib  Library
	path string
}

// name returns how messages call the file.
func (f articleFile) name() string { return path.Join(f.lib.Name, f.path) }

func listFiles(lib Library) ([]articleFile, Errors) {
	var files []articleFile
	var errs Errors
	walk := func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			file := articleFile{lib, p}.name()
			errs = append(errs, Error{File: file, Msg: "the folder cannot be read: " + reason(err), Fix: "create it or allow reading it"})
			return fs.SkipDir
		case p != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && strings.EqualFold(path.Ext(p), ".md"):
			files = append(files, articleFile{lib, p})
		}
		return nil
	}
	if err := fs.WalkDir(lib.FS, ".", walk); err != nil && len(errs) == 0 {
		errs = append(errs, Error{File: lib.Name, Msg: "the folder cannot be read: " + reason(err), Fix: "allow reading it"})
	}
	return files, errs
}

// reason returns the bare cause of a file error, without the path that the message names already.
func reason(err error) string {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// A loadedFile is an article with the mistakes in it. The article is nil where the file was too bad to read on.
type loadedFile struct {
	name    string
	article *Article
	front   *frontMatter
	errs    Errors
}

// loadFiles reads the files, several at a time.
func loadFiles(files []articleFile) []loadedFile {
	out := make([]loadedFile, len(files))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		wg.Go(func() {
			for i := range next {
				out[i] = loadFile(files[i])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

func loadFile(f articleFile) loadedFile {
	r := &reporter{file: f.name()}
	src, ok := readFile(f, r)
	if !ok {
		return loadedFile{name: r.file, errs: r.errs}
	}
	return parseFile(src, r)
}

func readFile(f articleFile, r *reporter) ([]byte, bool) {
	info, err := fs.Stat(f.lib.FS, f.path)
	if err == nil && info.Size() > MaxFile {
		r.add(1, "cut it into several articles", "the file has %d bytes, more than %d", info.Size(), MaxFile)
		return nil, false
	}
	if err == nil && !info.Mode().IsRegular() {
		r.add(1, "give it another name, or put a plain file in its place", "this is not a plain file")
		return nil, false
	}
	var src []byte
	if err == nil {
		src, err = fs.ReadFile(f.lib.FS, f.path)
	}
	if err != nil {
		r.add(1, "repair or remove it, or allow reading it", "the file cannot be read: %s", reason(err))
		return nil, false
	}
	return src, true
}

// parseFile makes an article of a file's bytes.
func parseFile(src []byte, r *reporter) loadedFile {
	out := loadedFile{name: r.file}
	if checkBytes(src, r) {
		if front, ok := readFrontMatter(src, r); ok {
			out.front = front
			out.article = buildArticle(src, front, r)
		}
	}
	out.errs = r.errs
	return out
}

// checkBytes reports bytes that no text has.
func checkBytes(src []byte, r *reporter) bool {
	line, ok := 1, true
	for i := 0; i < len(src); {
		c, n := utf8.DecodeRune(src[i:])
		switch {
		case c == utf8.RuneError && n == 1:
			r.add(line, "save the file as UTF-8", "this line is not UTF-8")
			return false
		case c == 0 && ok:
			r.add(line, "delete it", "this line has a NUL character")
			ok = false
		case c == '\n':
			line++
		}
		i += n
	}
	return ok
}

// acrossFiles reports what two articles must not share: ids and example questions.
func acrossFiles(files []loadedFile) Errors {
	var errs Errors
	ids := map[string]loadedFile{}
	asks := map[string]string{}
	for _, f := range files {
		if f.article == nil {
			continue
		}
		r := &reporter{file: f.name}
		if id := f.article.ID; validID(id) {
			if first, taken := ids[id]; taken {
				r.add(f.front.line("id"), "give one of the two another id", "the id %q is also that of %s:%d", id, first.name, first.front.line("id"))
			} else {
				ids[id] = f
			}
		}
		checkAsks(f, asks, r)
		errs = append(errs, r.errs...)
	}
	return errs
}

// checkAsks reports example questions that asks knows of already, and adds those of f to it.
func checkAsks(f loadedFile, asks map[string]string, r *reporter) {
	for _, s := range f.article.Sections {
		for i, q := range s.Ask {
			key := askKey(q)
			if key == "" {
				continue
			}
			if first, taken := asks[key]; taken {
				r.add(f.front.line("sections", s.Ref.Section, "ask", step(i)), "keep it in the section that answers it best",
					"the example question %q is also that of %s", q, first)
				continue
			}
			asks[key] = s.Ref.String()
		}
	}
	for i, q := range f.article.NotCovered {
		if at, taken := asks[askKey(q)]; taken && askKey(q) != "" {
			r.add(f.front.line("not_covered", step(i)), "keep it in one of the two", "the question %q is also an example question of %s", q, at)
		}
	}
}

// askKey returns q in the form in which two questions count as the same.
func askKey(q string) string {
	return strings.TrimRight(strings.ToLower(strings.Join(strings.Fields(q), " ")), " ?!.")
}
