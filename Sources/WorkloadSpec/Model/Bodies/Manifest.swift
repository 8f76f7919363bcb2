/// An object of an engine, as the engine's own tools write it: what a set of objects consists of.
public struct Manifest: BodyElement, SpecElement {
  /// The version of the interface that its kind belongs to: `apps/v1`.
  public var apiVersion = ""
  /// What it is: `ConfigMap`.
  public var kind = ""
  /// What it is called, unique among those of its kind.
  public var object = ""
  /// The engine's namespace that it is in, where it is in one of its own.
  public var namespace = ""
  /// What it says beside that.
  public var content = Tree()
  /// The objects that must be there before it.
  public var dependsOn: StringSet = []

  /// An object with nothing set.
  public init() {}

  /// Told apart by kind, namespace and name.
  public static let identityFields = ["kind", "namespace", "object"]
  /// `ConfigMap/settings`, and `ConfigMap/tools/settings` in a namespace of its own.
  public var identity: String { [kind, namespace, object].filter { !$0.isEmpty }.joined(separator: "/") }
  /// The identity: an object is called by its kind and its name.
  public var name: String { identity }

  /// They stand beside each other: none does the work of the others.
  public var role: Role { .sidecar }

  /// The key of the body in a document: `objects`.
  public static let field = "objects"
  /// The kind, the namespace and the name.
  public static let nameFields = identityFields

  /// Those of ``Workload/objects``, in their order.
  public static func elements(of workload: Workload) -> [Manifest] { workload.objects }

  /// Has a workload hold these objects.
  public static func setElements(_ elements: [Manifest], of workload: inout Workload) {
    workload.objects = elements
  }

  /// The statement of an object's fields.
  public static let schema = ObjectSchema<Manifest>(
    "object", "An object of an engine, as the engine's own tools write it.",
    reserved: [
      "metadata": "an object's name stands under `object`, and what else it says under `content`",
      "spec": "what an object says stands under `content`: `content: {spec: …}`",
      "data": "what an object says stands under `content`: `content: {data: …}`",
    ],
    synonyms: ["name": "object", "manifest": "content", "version": "apiVersion"],
    fields: [
      Field(
        "apiVersion", \.apiVersion, "the version of the interface that its kind belongs to: `apps/v1`",
        required: true, impact: .inPlace, rules: [.notEmpty]),
      Field("kind", \.kind, "what it is: `ConfigMap`", required: true, rules: [.objectName]),
      Field(
        "object", \.object, "what it is called, unique among those of its kind", required: true,
        rules: [.objectName]),
      Field(
        "namespace", \.namespace, "the engine's namespace that it is in, where it is in one of its own"),
      Field("content", \.content, "what it says beside that", impact: .inPlace),
      Field(
        "dependsOn", \.dependsOn, "the objects that must be there before it, as `KIND/OBJECT`",
        compared: .never),
    ])
}
