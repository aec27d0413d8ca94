namespace Agentic.Training;

/// <summary>A token outside the merges.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">True when it has no text of its own, such as an end of text.</param>
internal sealed record AddedToken(int Id, string Content, bool Special);

/// <summary>What a <c>tokenizer.json</c> of the byte-level kind says.</summary>
/// <param name="Tokens">Id of each token in <see cref="ByteAlphabet"/>, the added ones perhaps among them.</param>
/// <param name="Merges">Left and right of each merge, the earliest first.</param>
/// <param name="Added">Tokens outside the merges, by id.</param>
/// <param name="Patterns">Patterns of the <see cref="TextSplitter"/>.</param>
internal sealed record ByteLevelVocabulary(
    IReadOnlyDictionary<string, int> Tokens,
    IReadOnlyList<(string Left, string Right)> Merges,
    IReadOnlyList<AddedToken> Added,
    IReadOnlyList<string> Patterns);
