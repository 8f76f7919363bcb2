/// Where what a service prints is kept.
public struct Logging: SpecObject {
  /// The engine's driver.
  public var driver: String?
  /// The driver's options.
  public var options = StringMap()

  /// As the engine has it.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Logging>(
    "logging", plural: "logging",
    "Where what a service prints is kept. What is not set is as the engine has it.",
    synonyms: ["type": "driver", "opts": "options"],
    fields: [
      Field(
        "driver", \.driver,
        "the engine's driver, such as `local`; `berth logs` can read what `json-file`, "
          + "`local` and `journald` keep", rules: [.notEmpty]),
      Field("options", \.options, "the driver's options, such as `max-size`"),
    ])
}
