package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"docent/knowledge"
)

// half is the number of characters of each half of a fingerprint.
const half = 5

var fingerprintAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Fingerprint returns 10 characters that stand for a section and its present text: 5 for the section, 5 for the text.
// They have no letters that are easily taken for others.
func Fingerprint(s *knowledge.Section) string {
	return digest(s.Ref.String()) + digest(s.Ref.String()+"\x00"+s.Version+"\x00"+s.Heading+"\x00"+s.Text)
}

func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return fingerprintAlphabet.EncodeToString(h[:])[:half]
}

// A Provenance says where an answer came from.
type Provenance struct {
	Ref           knowledge.Ref
	File          string
	Line, EndLine int
	Version       string // of the section's present text
	Changed       bool   // the answer showed another text of this section than the present one
	Withdrawn     string // why the section is no longer shown; empty: it is
}

// Verify finds the section that a fingerprint stands for, among articles with what is withdrawn from them. It returns false
// when no section has it.
func Verify(articles []*knowledge.Article, fingerprint string) (Provenance, bool) {
	fp := strings.ToLower(strings.TrimSpace(fingerprint))
	if len(fp) != 2*half {
		return Provenance{}, false
	}
	var changed *knowledge.Section
	for _, a := range articles {
		for _, s := range a.Sections {
			switch own := Fingerprint(s); {
			case own == fp:
				return provenance(s, false), true
			case own[:half] == fp[:half]:
				changed = s
			}
		}
	}
	if changed == nil {
		return Provenance{}, false
	}
	return provenance(changed, true), true
}

func provenance(s *knowledge.Section, changed bool) Provenance {
	p := Provenance{Ref: s.Ref, Line: s.Line, EndLine: s.EndLine, Version: s.Version, Changed: changed, Withdrawn: s.Withdrawn}
	if a := s.Article; a != nil {
		p.File = a.File
		if p.Withdrawn == "" {
			p.Withdrawn = a.Withdrawn
		}
	}
	return p
}
