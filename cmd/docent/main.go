// Command docent answers people's questions from checked articles, in Discord, Telegram, the browser and the terminal.
package main

func main() {}
