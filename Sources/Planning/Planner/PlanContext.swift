import WorkloadSpec

/// What the plans of all instances of a workload share. There may be thousands of them, and what they share is large:
/// it is worked out once, and referred to.
final class PlanContext: Sendable {
  let input: PlanInput
  /// The workload as it is wanted, as far as its instances go: what runs once per run has a plan of its own.
  let desired: Workload
  /// The workload as the last release has it, as far as that goes.
  let last: Workload?
  /// What an instance consists of.
  let elements: [AnyElement]
  let order: ServiceOrder
  let diff: ServiceDiff
  /// What operators asked of the workload, as it will be when the plan is carried out.
  let operatorState: OperatorState
  /// What only one instance can have at a time.
  let soleUse: SoleUse?
  /// Where the wanted services are in the workload, in the order in which they start.
  let startOrder: [Int]
  /// The names of the services of the last release.
  let released: Set<String>
  private let indices: [String: Int]

  init(input: PlanInput, desired whole: Workload, operatorState: OperatorState) {
    // What is said on other engines causes nothing here.
    let desired = whole.narrowed(to: input.engine.engine).ofInstances
    self.input = input
    self.desired = desired
    self.operatorState = operatorState
    last = input.lastRelease?.snapshot?.narrowed(to: input.engine.engine).ofInstances
    soleUse = input.soleUse(of: desired)
    elements = desired.elements
    order = ServiceOrder(elements)
    diff = ServiceDiff(input, desired: desired, last: last)
    let indices = elements.indicesByName
    self.indices = indices
    startOrder = order.startOrder.compactMap { indices[$0] }
    released = Set((last?.elements ?? []).map(\.name))
  }

  /// Whether a service is wanted.
  func wants(_ service: String) -> Bool { indices[service] != nil }

  /// The names of the wanted services.
  var wanted: some Collection<String> { indices.keys }

  /// The wanted service with a name.
  func service(_ name: String) -> AnyElement? { indices[name].map { elements[$0] } }
}
