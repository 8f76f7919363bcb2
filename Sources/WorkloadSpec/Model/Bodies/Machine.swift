/// A machine: what each instance of a group of machines is.
public struct Machine: BodyElement {
  /// The image that it starts from, as the cloud calls it.
  public var image: String?
  /// The family of images of which the newest is taken.
  public var family: String?
  /// The cloud's own template.
  public var template: String?
  /// The cloud's word for how large it is.
  public var type: String?
  /// What it runs when it starts for the first time.
  public var userData: FileText?
  /// How large its disk is.
  public var disk: ByteQuantity?
  /// Where it can be: the first with room is taken.
  public var subnets: [String] = []
  /// Whether machines are spread over the subnets evenly instead.
  public var spread = false

  /// What only one engine knows of it.
  public var on = EngineBlocks()

  /// A machine with nothing set.
  public init() {}

  /// An instance has one machine.
  public var name: String { "machine" }

  /// The key of the body in a document: `machine`.
  public static let field = "machine"
  /// None: there is one.
  public static let nameFields: [String] = []

  /// There is one, and no list.
  public static func place(of name: String) -> String { field }

  /// The machine of a workload, if that is what it holds.
  public static func elements(of workload: Workload) -> [Machine] { workload.machine.map { [$0] } ?? [] }

  /// Has a workload hold the last of these machines.
  public static func setElements(_ elements: [Machine], of workload: inout Workload) {
    workload.machine = elements.last
  }

  /// The statement of a machine's fields.
  public static let schema = ObjectSchema<Machine>(
    "machine", "What each instance of a group of machines is.",
    synonyms: [
      "ami": "image", "instanceType": "type", "machineType": "type", "size": "type", "user_data": "userData",
      "cloudInit": "userData", "subnet": "subnets", "launchTemplate": "template",
    ],
    alternatives: Alternatives(
      ["image", "family", "template"], help: "add `image` with what the machine starts from"),
    fields: [
      Field(
        "image", \.image, "the image that it starts from, as the cloud calls it", impact: .replace,
        rules: [.notEmpty]),
      Field(
        "family", \.family, "the family of images of which the newest is taken", impact: .replace,
        rules: [.notEmpty]),
      Field("template", \.template, "the cloud's own template", impact: .replace, rules: [.notEmpty]),
      Field(
        "type", \.type, "the cloud's word for how large it is", impact: .restart, rules: [.notEmpty]),
      Field(
        "userData", \.userData,
        "what it runs when it starts for the first time: a script, or a document of cloud-init",
        impact: .replace,
        rules: [.userData]),
      Field("disk", \.disk, "how large its disk is", impact: .inPlace),
      Field(
        "subnets", \.subnets, "where it can be: the first with room is taken", impact: .replace),
      Field(
        "spread", \.spread, "whether machines are spread over the subnets evenly instead", compared: .never),
      Field("on", \.on, at: .machine, "what only one engine knows of it, under the engine's name"),
    ])
}

extension Rule where Subject == FileText {
  /// What a cloud can hand over.
  fileprivate static let userData = Rule("a text without null characters", code: .badCharacter) { text in
    text.content.utf8.contains(0) ? .nullCharacter(in: "user data") : nil
  }
}
