namespace Agentic.Retrieval;

/// <summary>A text with an identity; the unit of a corpus, of gold labels and of deletion.</summary>
/// <param name="Id">Unique within the corpus; compared ordinally.</param>
/// <param name="Title">May be empty.</param>
/// <param name="Text">Never empty.</param>
public sealed record Document(string Id, string Title, string Text);
