import Testing

/// `--pin` where it can't be meant.
@Suite struct PinCommandTests {
  @Test("It is refused with a reason") func itIsRefusedWithAReason() throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      "workload.yaml", "name: web\nservices: [{name: web, image: 'web:1', command: [sleep, '1000']}]\n")
    for (arguments, reason) in [
      (["plan", "-f", "workload.yaml", "--pin"], "`--pin` needs the capability `pin`"),
      (["apply", "-f", "workload.yaml", "--pin", "--yes"], "`--pin` needs the capability `pin`"),
      (["plan", "web", "--to-release", "1", "--pin"], "takes no --service, --set, --pause, --pin"),
      (["apply", "plan.json", "--pin"], "says everything itself"),
    ] {
      let result = try sandbox.berth(arguments)
      #expect(result.status != 0)
      #expect(result.errors.contains(reason), "\(result.errors)")
    }
    #expect(!sandbox.homeFiles().keys.contains { !$0.isEmpty })
  }
}
