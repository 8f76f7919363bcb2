import Diagnostics
import Engine
import Planning
import ProviderKit
import WorkloadSpec

/// Runs a shop on an engine, changes it, looks at it and deletes it.
func keepShop(on provider: any Provider, say: (String) -> Void = { print($0) }) async throws {
  let engine = Engine(provider: provider, target: "prod")
  let reader = EngineReader(reader: provider, target: "prod")
  let lister = WorkloadLister(reader: provider)
  let key = WorkloadKey(namespace: "stores", name: "shop")
  func reach(_ goal: Goal) async throws -> RunResult {
    try await engine.apply(WorkloadRequest(key: key, goal: goal))
  }

  let spec = SourceFile(name: "shop.yaml", text: "{name: shop, services: [{name: api, image: shop/api:1.0}]}")
  let read = WorkloadLoader.load(layers: [[spec]])
  guard var shop = read.workloads.first?.workload else { throw DiagnosticError(read.diagnostics) }

  let plan = try await reader.plan(WorkloadRequest(key: key, goal: .spec(shop, services: nil)))
  say("The plan has \(plan.actions.count) actions; the first is \(plan.actions[0].id).")
  let applied = try await reach(.spec(shop, services: nil))
  say("Applying it \(applied.outcome), as release \(applied.release?.number ?? 0).")

  let page = try await lister.page(ListQuery(namespace: "stores"))
  say("There are \(page.workloads.map(\.key.name)).")
  shop.services[0].image = "shop/api:1.1"
  let updated = try await reach(.spec(shop, services: nil))
  say("The update did \(updated.plan.actions.map(\.id.description)).")
  _ = try await reach(.scale(3))
  guard let found = try await lister.workload(key) else { return }
  say(
    "\(found.key.name) is \(found.observation.state?.rawValue ?? "gone") with release \(found.release?.number ?? 0)."
  )
  say("Its namespace has \(try await lister.instances(in: "stores").values.reduce(0, +)) instances.")

  _ = try await reach(.operation(.suspend(EngineEnvironment.live.suspension("moving the database"))))
  do { _ = try await reach(.scale(5)) } catch let error as DiagnosticError {
    say("Refused: \(error.diagnostics.map(\.code.rawValue)).")
  }
  _ = try await reach(.operation(.unsuspend))

  for try await line in provider.logs(of: key, matching: LogQuery(services: ["api"], tail: 1)) {
    say("\(line.instance) wrote \(line.text)")
  }
  let used = try await provider.usage(of: key).map(\.memory).reduce(0, +)
  say("It uses \(used) bytes of memory.")

  let deleted = try await reach(.destroy(volumes: true))
  say("Deleting it \(deleted.outcome).")
}
