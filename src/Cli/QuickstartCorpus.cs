using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>The bundled corpus, beside the executable.</summary>
internal static class QuickstartCorpus
{
    /// <summary>A chain over two documents, one from another domain, and one that the corpus cannot answer.</summary>
    private static readonly string[] Shown = ["t001", "t070", "t088"];

    public static string Documents => Path.Combine(Folder, "corpus.jsonl");

    public static string HeldOut => Path.Combine(Folder, "questions.heldout.jsonl");

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "corpora", "averra");

    /// <summary>The questions that are answered step by step.</summary>
    public static async Task<IReadOnlyList<Question>> ShownAsync(CancellationToken cancellationToken)
    {
        var questions = await QuestionFile.ReadAsync(Path.Combine(Folder, "questions.jsonl"), cancellationToken).ConfigureAwait(false);
        return [.. Shown.Select(id => questions.Single(question => question.Id == id))];
    }
}
