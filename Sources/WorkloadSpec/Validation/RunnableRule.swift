/// A service has something to run, and the same thing each time.
enum RunnableRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    if let text = service.image {
      guard let image = ImageReference(text), image.isFloating else { return }
      diagnostics.report(
        .floatingTag,
        image.tag == nil
          ? "the image `\(text)` has no tag, so what it means can change"
          : "the tag `latest` can mean another image tomorrow",
        at: places.place(of: service, "image"),
        help: "name a version, or a digest: `\(image.repository):1.2.3`")
    } else if service.command.isEmpty {
      guard places.couldRead("image", of: service), places.couldRead("command", of: service) else { return }
      diagnostics.report(
        .nothingToRun, "`\(service.name)` has neither an image nor a command",
        at: places.place(of: service, "name"), help: "add `image` or `command`")
    }
  }
}
