package main

import "docent/bot"

const discordPath = "/discord"

func (s *service) openPlatforms(bot.Handler) ([]platform, error) { return nil, nil }
