package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// redactions replace what may identify somebody, in this order.
var redactions = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`\S+@\S+\.\S+`), "[e-mail]"},
	{regexp.MustCompile(`(?i)\b(?:https?|ftp|tg|discord)://\S+|\bwww\.\S+|\b[\pL\pN][\pL\pN-]*(?:\.[\pL\pN-]+)*\.(?:com|org|net|io|me|gg|de|fr|es|pt|br|uk|co|info|ru|dev|app)\b(?:/\S*)?`), "[link]"},
	{regexp.MustCompile(`<[@#&!a-zA-Z:_]*[0-9]+>|[@#]\S+|\S+#\d+|\bu/\S+|\b[\pL\pN]+_[\pL\pN_]+`), "[handle]"},
	{regexp.MustCompile(`(?i)\b(discord|insta|instagram|telegram|snap|snapchat|whatsapp|tiktok|twitter|reddit|kik|facebook|skype)(\s+(?:is|name|handle|id|ist|es|est|é))?\s*[:=]?\s+([\pL\pN][\pL\pN._-]*\d[\pL\pN._-]*|[\pL\pN]+[._-][\pL\pN._-]+)`), "$1 [handle]"},
	{regexp.MustCompile(`(?i)\b(my name is|my name's|my names|my name|name is|i am called|i'm called|im called|call me|this is|named|called|yours|sincerely|grüße|gruß|saludos|cordialement|mein name ist|ich heiße|ich heisse|me llamo|mi nombre es|je m['’]appelle|mon nom est|meu nome é|me chamo|eu me chamo|signed|regards|dr|doctor|mr|mrs|ms|miss|prof|herr|frau|señor|señora|monsieur|madame)\.?,?\s+[\pL'’-]+(?:\s+\p{Lu}[\pL'’-]*)*`), "$1 [name]"},
	{regexp.MustCompile(`[+(]?\pN[\pN\s().:/,+-]*\pN|\pN+`), "[number]"},
}

// Redact removes what may identify somebody from a question: links, e-mail addresses, handles, numbers and names. A name
// is what follows "my name is" and the like, and a capitalised word inside a sentence. It rather removes too much.
func Redact(text string) string {
	for _, r := range redactions {
		text = r.what.ReplaceAllString(text, r.with)
	}
	words := strings.Fields(text)
	for i, w := range words {
		if i > 0 && !endsSentence(words[i-1]) && looksLikeName(w) {
			words[i] = "[name]"
		}
	}
	return clip(strings.Join(words, " "), maxQuestionBytes)
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
