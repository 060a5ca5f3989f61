//! The rules of clusters: they and entities name each other.

use super::{Cluster, Document, DocumentError, Entity};

type Check = Result<(), DocumentError>;

pub(super) fn check(document: &Document) -> Check {
    references(&document.entities, &document.clusters)
}

/// Clusters and entities name each other.
fn references(entities: &[Entity], clusters: &[Cluster]) -> Check {
    let mut listed = vec![false; entities.len()];
    for (index, cluster) in clusters.iter().enumerate() {
        const FIELD: &str = "clusters";
        if !cluster.mentions.is_sorted_by(|one, next| one < next) {
            let message = "has mentions that do not ascend".to_owned();
            return Err(DocumentError::Content { field: FIELD, index, message });
        }
        for &number in &cluster.mentions {
            let (target, count) = ("entity", entities.len());
            let (Some(entity), Some(listed)) = (entities.get(number), listed.get_mut(number)) else {
                return Err(DocumentError::Missing { field: FIELD, index, target, number, count });
            };
            if entity.cluster != Some(index) {
                return Err(DocumentError::OneSided { field: FIELD, index, target, number });
            }
            *listed = true;
        }
    }
    for (index, (entity, listed)) in entities.iter().zip(listed).enumerate() {
        const FIELD: &str = "entities";
        let Some(number) = entity.cluster.filter(|_| !listed) else { continue };
        let (target, count) = ("cluster", clusters.len());
        return Err(match number < count {
            true => DocumentError::OneSided { field: FIELD, index, target, number },
            false => DocumentError::Missing { field: FIELD, index, target, number, count },
        });
    }
    Ok(())
}
