namespace Agentic.Retrieval;

/// <summary>A fact read in a text, with where and how surely.</summary>
/// <param name="Head">Entity the fact is about: the title, or another name of the text.</param>
/// <param name="Relation">Relation in plain words.</param>
/// <param name="Tail">Value as written.</param>
/// <param name="Score">In (0, 1]; falls with the sentence number and with every doubt about the subject.</param>
/// <param name="Sentence">0-based sentence of the text.</param>
/// <param name="Position">Offset of the value in the text.</param>
internal readonly record struct ReadFact(string Head, string Relation, string Tail, double Score, int Sentence, int Position);
