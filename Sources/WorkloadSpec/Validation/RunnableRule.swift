import Diagnostics

/// A service runs the same thing each time.
enum RunnableRule {
  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    guard let text = service.image, ImageReference.mayFloat(text), let image = ImageReference(text),
      image.isFloating
    else { return }
    diagnostics.report(
      .floatingTag,
      image.tag == nil
        ? "the image `\(text)` has no tag, so what it means can change"
        : "the tag `latest` can mean another image tomorrow",
      at: places.place(of: service, "image"),
      help: "name a version, or a digest: `\(image.repository):1.2.3`")
  }
}
