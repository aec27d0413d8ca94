using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Reads demonstrations for one model: with its tokenizer, for its context.</summary>
public sealed class SftReader
{
    private readonly LongRows _longRows;

    /// <summary>A reader for a model.</summary>
    /// <param name="modelFolder">The model; its weights are not read.</param>
    /// <param name="longRows">What happens to rows longer than its context.</param>
    /// <exception cref="AgenticException">There is no model, or its tokenizer belongs to another.</exception>
    public SftReader(string modelFolder, LongRows longRows)
    {
        _longRows = longRows;
        Model = ModelFolder.Describe(modelFolder).Options;
        Tokenizer = ModelFolder.LoadTokenizer(modelFolder);
    }

    /// <summary>Shape of the model.</summary>
    public TransformerOptions Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ModelTokenizer Tokenizer { get; }

    /// <summary>Reads and tokenises a file of demonstrations.</summary>
    /// <exception cref="InputFormatException">The file is broken.</exception>
    /// <exception cref="AgenticException">A row cannot be trained on, or none is left.</exception>
    public async Task<SftItems> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var maker = new RowTokenizer(Tokenizer);
        var rows = new List<TokenizedRow>();
        await foreach (var demonstration in DemonstrationFile.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(Tokenized(path, maker, demonstration));
        }

        return SftItems.Of(rows, maker, Model.ContextLength, _longRows, path);
    }

    /// <summary>The row of a 1-based number with its authors; null when the file has fewer.</summary>
    public static async Task<TokenizedRow?> FindAsync(string path, int number, ModelTokenizer tokenizer, CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var demonstration in DemonstrationFile.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (++read == number)
            {
                return Tokenized(path, new RowTokenizer(tokenizer), demonstration);
            }
        }

        return null;
    }

    private static TokenizedRow Tokenized(string path, RowTokenizer maker, Demonstration demonstration)
    {
        try
        {
            return maker.Tokenize(demonstration.Id, demonstration.Segments);
        }
        catch (RowException problem)
        {
            throw new InputFormatException(path, 0, problem.Message, problem);
        }
    }
}
