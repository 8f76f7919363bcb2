import ArgumentParser
import Engine
import Planning
import Rendering
import WorkloadSpec

/// `berth list`: shows the workloads of a target.
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the workloads of a target: state, ready instances, release, when.",
    discussion: """
      Examples:
        berth list
        berth list --state failed --state suspended
        berth list --label team=checkout --all-namespaces --format json
      """)

  @OptionGroup var selection: TargetSelection

  @Flag(help: "The workloads of every namespace.")
  var allNamespaces = false

  @Option(
    name: .customLong("state"),
    help: ArgumentHelp(
      "Only workloads in this state; repeat it for more. One of: \(ListState.names.joined(separator: ", ")).",
      valueName: "state"), completion: .list(ListState.names))
  var states: [String] = []

  @Option(
    name: .customLong("label"),
    help: ArgumentHelp("Only workloads with this label; repeat it for more.", valueName: "key=value"))
  var labels: [String] = []

  @Option(help: ArgumentHelp("How many workloads at most.", valueName: "number"))
  var limit = 100

  @Option(help: ArgumentHelp("Where to go on, as the page before said.", valueName: "text"))
  var cursor: String?

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if limit < 1 { throw ValidationError("invalid value '\(limit)' for --limit: expected 1 or more") }
    if allNamespaces, selection.namespace != nil {
      throw ValidationError("--namespace and --all-namespaces contradict each other.")
    }
    if let state = states.first(where: { ListState($0) == nil }) {
      throw ValidationError(
        "invalid value '\(state)' for --state: expected one of \(ListState.names.joined(separator: ", "))")
    }
    if let label = labels.first(where: { Self.label($0) == nil }) {
      throw ValidationError("invalid value '\(label)' for --label: expected key=value")
    }
    if let cursor, ListCursor(cursor) == nil {
      throw ValidationError(
        "invalid value '\(cursor)' for --cursor: expected the cursor that an earlier page ended with")
    }
  }

  func run() async throws {
    try await reporting { console in
      let target = try selection.begin()
      let query = ListQuery(
        namespace: allNamespaces ? nil : target.namespace, states: Set(states.compactMap { ListState($0) }),
        labels: StringMap(labels.compactMap(Self.label)), after: cursor.flatMap { ListCursor($0)?.key },
        limit: limit)
      let page = try await target.looking { try await WorkloadLister(reader: target.reader).page(query) }
      let workloads = page.workloads.map { WorkloadStatus($0, target: target.name) }
      let next = page.next.map { ListCursor(after: $0).description }
      switch format {
      case .text:
        console.write(
          WorkloadListText.render(
            workloads, showsNamespaces: allNamespaces, nextCursor: next, now: EngineEnvironment.live.now(),
            style: console.style))
      case .json: console.write(WorkloadListJSON.render(workloads, nextCursor: next))
      }
    }
  }

  private static func label(_ text: String) -> (key: String, value: String)? {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
