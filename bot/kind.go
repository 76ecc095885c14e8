package bot

// Name returns one word for each Kind, for counters: "fixed", "sure", "unsure", "none", "menu", "crisis" or "refusal".
func (k Kind) Name() string {
	names := [...]string{Fixed: "fixed", Sure: "sure", Unsure: "unsure", None: "none", Menu: "menu", Crisis: "crisis", Refusal: "refusal"}
	if int(k) >= len(names) {
		return "fixed"
	}
	return names[k]
}
