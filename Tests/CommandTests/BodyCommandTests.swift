import Testing

/// Workloads that hold something else than services, on engines that have no such thing.
@Suite struct BodyCommandTests {
  @Test(
    "They are valid, and a plan says which capability is missing",
    arguments: [
      ("kind: machine_group\nmachine: {image: image-1}", "`machine` needs the capability `machines`"),
      (
        "kind: object_set\nobjects: [{apiVersion: v1, kind: ConfigMap, object: settings}]",
        "`objects` needs the capability `objects`"
      ),
    ])
  func theCapabilityIsNamed(spec: String, message: String) throws {
    let sandbox = try Sandbox()
    try sandbox.write("shop.yaml", "name: shop\n\(spec)\n")
    #expect(try sandbox.berth("validate", "-f", "shop.yaml").status == 0)
    for command in [["plan"], ["apply", "--yes"]] {
      let refused = try sandbox.berth(command + ["-f", "shop.yaml"])
      #expect(refused.status == 1 && refused.errors.contains("error[E0601]: \(message)"), "\(refused)")
    }
    #expect(try sandbox.berth("list").output.contains("shop") == false)
  }
}
