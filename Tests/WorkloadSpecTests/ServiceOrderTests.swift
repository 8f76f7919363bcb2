import Testing
import WorkloadSpec

@Suite struct ServiceOrderTests {
  private func service(_ name: String, _ role: Role, after names: StringSet = []) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.dependsOn = names
    return service
  }

  @Test("Inits come first and sidecars last") func initsComeFirstAndSidecarsLast() {
    let order = ServiceOrder([
      service("logs", .sidecar), service("api", .main), service("seed", .`init`, after: ["migrate"]),
      service("migrate", .`init`),
    ])
    #expect(order.startOrder == ["migrate", "seed", "api", "logs"])
    #expect(order.dependencies(of: "migrate") == [])
    #expect(order.dependencies(of: "seed") == ["migrate"])
    #expect(order.dependencies(of: "api") == ["migrate", "seed"])
    #expect(order.dependencies(of: "logs") == ["api", "migrate", "seed"])
  }

  @Test("A sidecar that main waits for starts before it") func aSidecarThatMainWaitsForStartsBeforeIt() {
    let order = ServiceOrder([
      service("api", .main, after: ["proxy"]), service("proxy", .sidecar, after: ["certs"]),
      service("certs", .sidecar), service("logs", .sidecar),
    ])
    #expect(order.startOrder == ["certs", "proxy", "api", "logs"])
    #expect(order.dependencies(of: "proxy") == ["certs"])
    #expect(order.dependencies(of: "certs") == [])
    #expect(order.dependencies(of: "logs") == ["api"])
  }

  @Test("Ties follow the spec") func tiesFollowTheSpec() {
    let order = ServiceOrder([service("b", .sidecar), service("m", .main), service("a", .sidecar)])
    #expect(order.startOrder == ["m", "b", "a"])
  }

  @Test("Input that is refused still has an order") func inputThatIsRefusedStillHasAnOrder() {
    let order = ServiceOrder([
      service("a", .main, after: ["b", "gone"]), service("b", .sidecar, after: ["a"]), service("c", .sidecar),
      service("c", .sidecar),
    ])
    #expect(Set(order.startOrder) == ["a", "b", "c"])
    #expect(order.startOrder.count == 3)
    #expect(order.dependencies(of: "a") == ["b"])
    #expect(ServiceOrder([]).startOrder == [])
  }

  @Test("Every service comes after all that it waits for") func everyServiceComesAfterAllThatItWaitsFor() {
    // Every graph of five services whose edges point backwards in some order, main in each place.
    for edges in 0..<(1 << 10) {
      for main in 0..<5 {
        var services: [Service] = []
        var bit = 0
        for index in 0..<5 {
          var after: [String] = []
          for earlier in 0..<index {
            if edges & (1 << bit) != 0 { after.append("s\(earlier)") }
            bit += 1
          }
          services.append(service("s\(index)", index == main ? .main : .sidecar, after: StringSet(after)))
        }
        let order = ServiceOrder(services.reversed())
        var started: Set<String> = []
        for name in order.startOrder {
          #expect(order.dependencies(of: name).allSatisfy(started.contains))
          started.insert(name)
        }
        #expect(started.count == 5)
      }
    }
  }
}
