using Agentic.TestSupport;

namespace Agentic.Training.Tests;

/// <summary>A vocabulary trained on the project's own corpus.</summary>
internal static class SmallTokenizer
{
    public static ModelTokenizer Trained(int vocabularySize)
    {
        using var folder = new TemporaryFolder();
        return Train(folder.Path, vocabularySize, BundledCorpus.Documents.Select(document => document.Text));
    }

    public static ModelTokenizer Train(string folder, int vocabularySize, IEnumerable<string> texts)
    {
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = vocabularySize });
        foreach (var text in texts)
        {
            trainer.Add(text);
        }

        return trainer.Write(folder);
    }
}
