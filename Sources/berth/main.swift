import BerthCommands

await Program.main()
