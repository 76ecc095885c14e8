package telegram

const childEnv = "DOCENT_TELEGRAM_CHILD"

func child() int { return 0 }
