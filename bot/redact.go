package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// redactions replace what may identify somebody, in this order.
var redactions = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`\S+@\S+`), "[e-mail]"},
	{regexp.MustCompile(`(?i)\b(?:https?|ftp|tg|discord)://\S+|\bwww\.\S+|\b[\pL\pN][\pL\pN-]*(?:\.[\pL\pN-]+)*\.(?:com|org|net|io|me|gg|de|fr|es|pt|br|uk|co|info|ru|dev|app)\b(?:/\S*)?`), "[link]"},
	{regexp.MustCompile(`<[@#&!a-zA-Z:_]*[0-9]+>|[@#]\S+|\S+#\d+|\bu/\S+|\b[\pL\pN]+_[\pL\pN_]+`), "[handle]"},
	{regexp.MustCompile(`(?i)\b(discord|insta|instagram|telegram|snap|snapchat|whatsapp|tiktok|twitter|reddit|kik|facebook|skype)(\s+(?:is|name|handle|id|ist|es|est|é))?\s*[:=]?\s+([\pL\pN][\pL\pN._-]*\d[\pL\pN._-]*|[\pL\pN]+[._-][\pL\pN._-]+)`), "$1 [handle]"},
	{regexp.MustCompile(`(?i)\b(my name is|my name's|my names|my name|name is|i am called|i'm called|im called|call me|this is|named|called|yours|sincerely|grüße|gruß|saludos|cordialement|mein name ist|ich heiße|ich heisse|me llamo|mi nombre es|je m['’]appelle|mon nom est|meu nome é|me chamo|eu me chamo|signed|regards|dr|doctor|mr|mrs|ms|miss|prof|herr|frau|señor|señora|monsieur|madame)\.?,?\s+[\pL'’-]+(?:\s+\p{Lu}[\pL'’-]*)*`), "$1 [name]"},
	{regexp.MustCompile(`[+(]?\pN[\pN\s().:/,+-]*\pN|\pN+`), "[number]"},
}

// Redact removes what may identify somebody from a question: links, e-mail addresses, handles, numbers and names. A name
// is what follows "my name is" and the like, a capitalised word inside a sentence, and one that begins a sentence and does
// what persons do. The subjects, words in small letters, are no names. It rather removes too much.
func Redact(text string, subjects ...string) string {
	for _, r := range redactions {
		text = r.what.ReplaceAllString(text, r.with)
	}
	words := strings.Fields(text)
	for i, w := range words {
		begins := i == 0 || endsSentence(words[i-1])
		if !looksLikeName(w) || slices.Contains(subjects, bare(w)) || begins && (i+1 == len(words) || !personal.MatchString(words[i+1]) || pronoun.MatchString(bare(w))) {
			continue
		}
		words[i] = "[name]"
	}
	return clip(strings.Join(words, " "), maxQuestionBytes)
}

// personal are words that follow a person's name at the beginning of a sentence; pronoun are words that stand there too.
var (
	personal = regexp.MustCompile(`(?i)^(?:and|has|had|is|was|takes|took|needs|wants|suffers|says|said|got|gets|feels|und|hat|hatte|ist|war|nimmt|braucht|leidet|y|tiene|tenía|es|está|toma|sufre|et|a|est|prend|souffre|e|tem|tinha|é|sofre)\b`)
	pronoun  = regexp.MustCompile(`^(?:what|who|which|whose|it|he|she|they|we|you|this|that|these|those|there|here|where|when|how|why|one|nobody|somebody|everybody|was|wer|wie|wo|wann|warum|es|er|sie|das|dies|dieses|qué|quién|cuál|cuándo|cómo|dónde|él|ella|esto|eso|qui|que|quel|quelle|quand|comment|où|il|elle|ce|cela|ça|on|cette|ele|ela|isso|isto|quem|qual|quando|como|onde)$`)
)

// bare returns a word in small letters without what stands around it.
func bare(w string) string {
	return strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
}

func endsSentence(w string) bool {
	return strings.HasSuffix(w, ".") || strings.HasSuffix(w, "!") || strings.HasSuffix(w, "?")
}

// looksLikeName reports whether a word begins with a capital letter and goes on in small ones: abbreviations such as
// PTSD are no names.
func looksLikeName(w string) bool {
	letters := []rune(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
	if len(letters) < 2 || !unicode.IsUpper(letters[0]) {
		return false
	}
	return unicode.IsLower(letters[1])
}
