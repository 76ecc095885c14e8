package text

import "strings"

// Standard returns a folded English word in the spelling under which British and American forms meet: "anaesthetic" and
// "anesthetic" both give "anesthetic". The result is for comparing, not for showing.
func Standard(w string) string {
	if len(w) < 4 {
		return w
	}
	w = strings.ReplaceAll(w, "'", "")
	if s, ok := wholeWord(w); ok {
		return s
	}
	if strings.Contains(w, "ae") || strings.Contains(w, "oe") {
		w = diphthong(w)
	}
	if strings.Contains(w, "our") {
		w = ourToOr(w)
	}
	if strings.Contains(w, "is") || strings.Contains(w, "ys") {
		w = iseToIze(w)
	}
	if strings.Contains(w, "ll") {
		w = doubledL(w)
	}
	return strings.Replace(w, "sulph", "sulf", 1)
}

func wholeWord(w string) (string, bool) {
	switch w {
	case "centre", "theatre", "fibre", "litre", "metre", "calibre", "spectre":
		return w[:len(w)-2] + "er", true
	case "centres", "theatres", "fibres", "litres", "metres":
		return w[:len(w)-3] + "ers", true
	case "programme":
		return "program", true
	case "programmes":
		return "programs", true
	case "grey":
		return "gray", true
	case "mums", "moms":
		return "mom", true
	case "mummy", "mommy":
		return "mom", true
	case "practise", "practised", "practising":
		return strings.Replace(w, "practis", "practic", 1), true
	case "licence", "defence", "offence", "pretence":
		return w[:len(w)-2] + "se", true
	case "cheque", "cheques":
		return strings.Replace(w, "cheque", "check", 1), true
	case "tyre", "tyres":
		return strings.Replace(w, "tyre", "tire", 1), true
	case "aluminium":
		return "aluminum", true
	case "sceptical", "sceptic", "scepticism":
		return strings.Replace(w, "scep", "skep", 1), true
	}
	return "", false
}

// diphthong spells the Greek and Latin ae and oe of medical words with e.
func diphthong(w string) string {
	for _, p := range [...][2]string{
		{"aesth", "esth"}, {"paed", "ped"}, {"haem", "hem"}, {"aemi", "emi"}, {"oedem", "edem"}, {"oestr", "estr"}, {"oesoph", "esoph"}, {"foet", "fet"},
		{"rrhoea", "rrhea"}, {"gynaec", "gynec"}, {"caesa", "cesa"}, {"aetiol", "etiol"}, {"coeliac", "celiac"},
		{"faec", "fec"}, {"pnoea", "pnea"}, {"homoeo", "homeo"}, {"manoeuv", "maneuv"}, {"encyclopaed", "encycloped"},
	} {
		w = strings.Replace(w, p[0], p[1], 1)
	}
	return w
}

func ourToOr(w string) string {
	for _, p := range [...]string{
		"colour", "behaviour", "tumour", "favour", "labour", "honour", "humour", "neighbour", "flavour", "rumour", "vapour",
		"odour", "harbour", "vigour", "saviour", "endeavour", "savour", "parlour", "glamour",
	} {
		if i := strings.Index(w, p); i >= 0 {
			return w[:i+len(p)-2] + w[i+len(p)-1:]
		}
	}
	return w
}

// iseToIze spells verbs in -ise and -yse with z. Words in which the s belongs to the stem stay as they are.
func iseToIze(w string) string {
	for _, e := range [...]string{"isation", "isations", "ise", "ised", "ises", "ising", "iser", "isers"} {
		if stem, ok := strings.CutSuffix(w, e); ok && len(stem) >= 4 && !keepsS(stem) {
			return stem + "iz" + e[2:]
		}
	}
	for _, e := range [...]string{"lyse", "lysed", "lyses", "lysing"} {
		if stem, ok := strings.CutSuffix(w, e); ok && len(stem) >= 2 && e != "lyses" {
			return stem + "lyz" + e[3:]
		}
	}
	return w
}

func keepsS(stem string) bool {
	switch stem[len(stem)-1] {
	case 'a', 'e', 'o', 'u':
		return true
	}
	for _, s := range [...]string{"exerc", "surpr", "prom", "comprom", "otherw", "likew", "enterpr", "franch", "telev", "superv", "rev", "adv", "dev", "prec", "conc", "disgu", "merchand", "treat", "parad", "expert", "prem", "comprehens", "clockw", "paralys"} {
		if strings.HasSuffix(stem, s) {
			return true
		}
	}
	return false
}

func doubledL(w string) string {
	for _, p := range [...]string{"travell", "counsell", "modell", "labell", "cancell", "signall", "fuell", "channell", "levell", "tunnell", "quarrell", "marvell", "jewell"} {
		if strings.HasPrefix(w, p) && len(w) > len(p) {
			return w[:len(p)-1] + w[len(p):]
		}
	}
	return w
}
